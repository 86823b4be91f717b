"""What the database checks of bookings beyond single rows: lanes that exist, and visits that have their places."""

import pgtrigger

from config.audit.locks import Lock


def lane_exists() -> Lock:
    """A nurse has the lanes that her row says; of everything else there is one, unless a chair is overbooked on
    purpose. Looked at when a lane is taken, so that fewer lanes tomorrow leave the visits booked today."""
    return Lock(
        name="lane_exists",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("lane", "resource_id", "active"),  # type: ignore[no-untyped-call]
        declare=[("has", "integer"), ("what", "text")],
        func="""
            IF NEW.lane = 0 OR NOT NEW.active THEN
                RETURN NEW;
            END IF;
            SELECT r.watch_lanes, r.kind INTO has, what FROM scheduling_resource r WHERE r.number = NEW.resource_id;
            IF NEW.lane <= has THEN
                RETURN NEW;
            END IF;
            IF what = 'chair' AND EXISTS (SELECT FROM scheduling_appointment a
                                          WHERE a.id = NEW.appointment_id AND a.overbook_reason <> '') THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'resource % has no lane %', NEW.resource_id, NEW.lane
                USING ERRCODE = '23514', CONSTRAINT = 'allocation_lane_exists';
        """,
    )


def chair_is_shared_on_purpose() -> Lock:
    """A chair or recovery place is one place, however many lanes it has: whoever comes to be in it beside somebody else
    says why, and of that very chair. It is the one who comes that says so: the one who was there is not asked, and what
    they once said lets nobody else in. Of two who come at once, unseen by each other, the one who says why came last;
    the doors see each other, as both lock the place's row first."""
    return Lock(
        name="chair_is_shared_on_purpose",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("lane", "resource_id", "during", "active"),  # type: ignore[no-untyped-call]
        declare=[("chair", "uuid")],
        func="""
            IF NOT NEW.active THEN
                RETURN NEW;
            END IF;
            SELECT r.chair_id INTO chair FROM scheduling_resource r WHERE r.number = NEW.resource_id;
            IF chair IS NOT NULL
               AND EXISTS (SELECT FROM scheduling_allocation o
                            WHERE o.active AND o.resource_id = NEW.resource_id AND o.lane <> NEW.lane
                              AND o.during && NEW.during AND o.appointment_id IS DISTINCT FROM NEW.appointment_id)
               AND NOT EXISTS (SELECT FROM scheduling_appointment a
                                WHERE a.id = NEW.appointment_id AND a.chair_id = chair AND a.overbook_reason <> '') THEN
                RAISE EXCEPTION 'place % is taken in another lane', NEW.resource_id
                    USING ERRCODE = '23P01', CONSTRAINT = 'allocation_chair_shared_on_purpose';
            END IF;
            RETURN NEW;
        """,
    )


def has_its_places(appointment: str) -> Lock:
    """At commit, a visit that occupies has its chair from its start on, its patient for all of it and its nurse, none
    of it beyond the visit and a turnover; one that does not occupy has nothing. `appointment` is its id in SQL."""
    return Lock(
        name="has_its_places",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        timing=pgtrigger.Deferred,
        func=f"PERFORM desk_check_places({appointment}); RETURN NULL;",
    )


def form_hold_has_its_places(hold: str) -> Lock:
    """The same of what a form holds: its chair until the hold ends, and nothing after. `hold` is its id in SQL."""
    return Lock(
        name="form_hold_has_its_places",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        timing=pgtrigger.Deferred,
        func=f"PERFORM desk_check_form_hold({hold}); RETURN NULL;",
    )


def late_cancel_is_late() -> Lock:
    """A visit becomes cancelled late only within the hours that its clinic calls late, or after it should have begun:
    the default of `BookingRules` where it decided nothing. Looked at when it is said: a new rule changes no fact."""
    return Lock(
        name="late_cancel_is_late",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("status"),  # type: ignore[no-untyped-call]
        condition=pgtrigger.Condition("NEW.status = 'cancelled-late' AND OLD.status <> NEW.status"),
        declare=[("hours", "integer")],
        func="""
            SELECT r.late_cancel_hours INTO hours FROM scheduling_bookingrules r WHERE r.clinic_id = NEW.clinic_id;
            IF NEW.state_since IS NULL
               OR NEW.state_since < NEW.start - make_interval(hours => COALESCE(hours, 24)) THEN
                RAISE EXCEPTION 'a cancellation that far ahead is not late'
                    USING ERRCODE = '23514', CONSTRAINT = 'appointment_cancelled_late_is_late';
            END IF;
            RETURN NEW;
        """,
    )
