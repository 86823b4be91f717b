"""Addresses of the pages of this app. None of them holds anything about a person but an opaque id."""

from django.urls import path

from patients.web import consents, intake, merging, patients, public, taking_down, tasks

urlpatterns = [
    path("intake/", intake.queue, name="intake"),
    path("intake/new/", taking_down.new, name="intake-new"),
    path("intake/changes/", intake.changes, name="intake-changes"),
    path("intake/next/", intake.take_next, name="intake-next"),
    path("intake/<uuid:pk>/", intake.one, name="intake-request"),
    path("intake/<uuid:pk>/edit/", taking_down.edit, name="intake-edit"),
    path("intake/<uuid:pk>/take/", intake.take, name="intake-take"),
    path("intake/<uuid:pk>/release/", intake.release, name="intake-release"),
    path("intake/<uuid:pk>/attempts/", intake.attempt, name="intake-attempt"),
    path("intake/<uuid:pk>/move/", intake.move, name="intake-move"),
    path("intake/<uuid:pk>/link/", intake.link, name="intake-link"),
    path("intake/<uuid:pk>/owner/", intake.owner, name="intake-owner"),
    path("intake/<uuid:pk>/history/", intake.history, name="intake-history"),
    path("request/", public.ask, name="public-request"),
    path("request/sent/<uuid:submission>/", public.thanks, name="public-request-sent"),
    path("request/<uuid:clinic>/", public.ask, name="public-request"),
    path("tasks/", tasks.work_list, name="tasks"),
    path("tasks/changes/", tasks.changes, name="tasks-changes"),
    path("tasks/<uuid:pk>/", tasks.one, name="task"),
    path("tasks/<uuid:pk>/take/", tasks.take, name="task-take"),
    path("tasks/<uuid:pk>/give-back/", tasks.give_back, name="task-give-back"),
    path("tasks/<uuid:pk>/finish/", tasks.finish, name="task-finish"),
    path("tasks/<uuid:pk>/reopen/", tasks.reopen, name="task-reopen"),
    path("tasks/<uuid:pk>/history/", tasks.history, name="task-history"),
    path("patients/", patients.all_patients, name="patients"),
    path("patients/new/", patients.new, name="patient-new"),
    path("patients/search/", patients.find, name="patient-search"),
    path("patients/<uuid:pk>/edit/", patients.edit, name="patient-edit"),
    path("patients/<uuid:pk>/death/", patients.death, name="patient-death"),
    path("patients/<uuid:pk>/death/take-back/", patients.take_back_death, name="patient-death-take-back"),
    path("patients/<uuid:pk>/merge/", merging.merge, name="patient-merge"),
    path("patients/<uuid:pk>/history/", patients.history, name="patient-history"),
    path("patients/<uuid:pk>/consents/", consents.consents, name="patient-consents"),
    path("patients/<uuid:pk>/allergies/", consents.allergy_list, name="patient-allergies"),
    path("patients/<uuid:pk>/allergies/none/", consents.no_allergies, name="patient-no-allergies"),
    path("patients/<uuid:pk>/allergies/<uuid:allergy>/remove/", consents.remove_allergy, name="patient-allergy-remove"),
]
