"""What the patient's page behind a link says, in English and Spanish. Never what the visit is for, never a name.

What stands before somebody is known to have the link says nothing about the clinic either, in both languages at once.
"""

from notifications.wording import language_of

Words = dict[str, str]

WORDS: dict[str, Words] = {
    "en": {
        "title": "Your visit",
        "skip": "Skip to the page",
        "for": "For {initials}",
        "prove_lede": "To see your visit and answer, tell us your date of birth.",
        "born": "Date of birth",
        "month": "Month",
        "day": "Day",
        "year": "Year",
        "born_help": "In numbers, for example 3 14 1978.",
        "born_no_date": "This is no date. Write month, day and year in numbers.",
        "born_wrong": "This is not the date of birth that we have. Tries left: {left}.",
        "show": "Show my visit",
        "again": "If this page asks you again and again, your telephone keeps no note of your answer. Please call us.",
        "when": "When",
        "clock": "by the clock at the clinic",
        "where": "Where",
        "phone": "Telephone",
        "you_come": "You said that you will come. Thank you.",
        "you_asked": "You asked for another time. We will call you. Until then this visit stands.",
        "your_words": "Your words:",
        "come": "Yes, I will come",
        "other": "I need another time",
        "other_help": "Your visit stands until we have called you and found another time.",
        "wishes": "Which days and times suit you?",
        "wishes_help": "At most 300 letters. Please leave out private medical details.",
        "ask": "Ask for another time",
        "calendar": "Save in my calendar",
        "escort": "Who takes you home?",
        "escort_said": "You named:",
        "escort_name": "Their name",
        "escort_phone": "Their telephone number",
        "escort_save": "Send us the name",
        "no_name": "Write the name.",
        "no_phone": "Write a telephone number, with its area code.",
        "stop": "Stop these messages",
        "stop_sms": "We will send no more text messages about visits to this number. This does not cancel your visit.",
        "stop_email": "We will send no more emails about visits to this address. This does not cancel your visit.",
        "stopped_sms": "No more text messages about visits go to this number. Your visit was not cancelled.",
        "stopped_email": "No more emails about visits go to this address. Your visit was not cancelled.",
        "begun": "Your visit has begun or is over, so nothing can be answered here any more. Please call us.",
        "changed": "This link is about a time that has changed. For your visits please call us.",
        "too_late": "This could not be done: your visit has changed in the meantime. Please call us.",
        "errors": "Please look at this again",
        "questions": "Before your visit",
        "questions_help": "We read your answers when the clinic is open. If you need help now, call 911.",
        "questions_save": "Send my answers",
        "questions_done": "We have your answers. You can change them here until your visit.",
        "too_long": "At most {most} letters.",
        "how_title": "How have you been?",
        "how_prove": "To answer, tell us your date of birth.",
        "how_lede": "Choose what fits best. You can leave out what you do not want to answer.",
        "how_help": (
            "We read your answers when the clinic is open, not at once. If you need help now, call 911. If you think of"
            " harming yourself, call or text 988."
        ),
        "how_done": "Thank you. We have your answers. If you want to change them, please call us.",
        "how_nothing": "There is nothing more to answer here. Thank you.",
        "how_choose": "Choose at least one answer.",
        "how_send": "Send my answers",
        "go_on": "Go on",
        "offer_title": "A free time",
        "offer_prove": "To see the time and answer, tell us your date of birth.",
        "offer_lede": "This time is free. Would you like it?",
        "offer_until": "We keep it for you until {until}.",
        "offer_help": "It is yours when we have called you or you get a confirmation. Your other visits stand.",
        "offer_yes": "Yes, I would like it",
        "offer_no": "No, thank you",
        "offer_wanted": "You said that you would like it. We will call you.",
        "offer_declined": "You said that you do not want it. Thank you for telling us.",
        "offer_gone": "This time is not free any more. If you would like another one, please call us.",
        "prove_again": "What you wrote is kept. Tell us your date of birth once more, and we will take it.",
        "stop_sms_offers": (
            "We will send no more text messages about free times to this number. Your visits are not cancelled."
        ),
        "stop_email_offers": (
            "We will send no more emails about free times to this address. Your visits are not cancelled."
        ),
        "stopped_sms_offers": "No more text messages about free times go to this number.",
        "stopped_email_offers": "No more emails about free times go to this address.",
        "stop_sms_surveys": (
            "We will send no more text messages with such questions to this number. Your visits are not cancelled."
        ),
        "stop_email_surveys": (
            "We will send no more emails with such questions to this address. Your visits are not cancelled."
        ),
        "stopped_sms_surveys": "No more text messages with such questions go to this number.",
        "stopped_email_surveys": "No more emails with such questions go to this address.",
        "call": "Call {phone}",
        "optional": "optional",
    },
    "es": {
        "title": "Su visita",
        "skip": "Ir al contenido",
        "for": "Para {initials}",
        "prove_lede": "Para ver su visita y responder, díganos su fecha de nacimiento.",
        "born": "Fecha de nacimiento",
        "month": "Mes",
        "day": "Día",
        "year": "Año",
        "born_help": "En números, por ejemplo 14 3 1978.",
        "born_no_date": "No es una fecha. Escriba día, mes y año en números.",
        "born_wrong": "No es la fecha de nacimiento que tenemos. Intentos que quedan: {left}.",
        "show": "Ver mi visita",
        "again": "Si esta página le pregunta una y otra vez, su teléfono no guarda la respuesta. Por favor, llámenos.",
        "when": "Cuándo",
        "clock": "según el reloj de la clínica",
        "where": "Dónde",
        "phone": "Teléfono",
        "you_come": "Nos dijo que vendrá. Gracias.",
        "you_asked": "Pidió otro horario. Le llamaremos. Hasta entonces, esta visita sigue en pie.",
        "your_words": "Sus palabras:",
        "come": "Sí, vendré",
        "other": "Necesito otro horario",
        "other_help": "Su visita sigue en pie hasta que le llamemos y encontremos otro horario.",
        "wishes": "¿Qué días y horas le convienen?",
        "wishes_help": "Como máximo 300 letras. Por favor, no escriba detalles médicos privados.",
        "ask": "Pedir otro horario",
        "calendar": "Guardar en mi calendario",
        "escort": "¿Quién le lleva a casa?",
        "escort_said": "Usted nombró a:",
        "escort_name": "Nombre de esa persona",
        "escort_phone": "Teléfono de esa persona",
        "escort_save": "Enviar el nombre",
        "no_name": "Escriba el nombre.",
        "no_phone": "Escriba un número de teléfono con su código de área.",
        "stop": "No quiero más mensajes",
        "stop_sms": "No enviaremos más mensajes de texto sobre visitas a este número. Esto no cancela su visita.",
        "stop_email": "No enviaremos más correos sobre visitas a esta dirección. Esto no cancela su visita.",
        "stopped_sms": "Ya no enviamos mensajes de texto sobre visitas a este número. Su visita no se canceló.",
        "stopped_email": "Ya no enviamos correos sobre visitas a esta dirección. Su visita no se canceló.",
        "begun": "Su visita ya empezó o terminó; aquí ya no se puede responder. Por favor, llámenos.",
        "changed": "Este enlace es de un horario que cambió. Para sus visitas, por favor, llámenos.",
        "too_late": "No se pudo hacer: su visita cambió entretanto. Por favor, llámenos.",
        "errors": "Por favor, revise esto",
        "questions": "Antes de su visita",
        "questions_help": "Leemos sus respuestas en el horario de la clínica. Si necesita ayuda ahora, llame al 911.",
        "questions_save": "Enviar mis respuestas",
        "questions_done": "Tenemos sus respuestas. Puede cambiarlas aquí hasta su visita.",
        "too_long": "Como máximo {most} letras.",
        "how_title": "¿Cómo ha estado?",
        "how_prove": "Para responder, díganos su fecha de nacimiento.",
        "how_lede": "Elija lo que mejor describa su caso. Puede dejar sin responder lo que no quiera contestar.",
        "how_help": (
            "Leemos sus respuestas en el horario de la clínica, no de inmediato. Si necesita ayuda ahora, llame al 911."
            " Si piensa en hacerse daño, llame o escriba al 988."
        ),
        "how_done": "Gracias. Tenemos sus respuestas. Si quiere cambiarlas, por favor, llámenos.",
        "how_nothing": "No hay nada más que responder aquí. Gracias.",
        "how_choose": "Elija al menos una respuesta.",
        "how_send": "Enviar mis respuestas",
        "go_on": "Continuar",
        "offer_title": "Una hora libre",
        "offer_prove": "Para ver la hora y responder, díganos su fecha de nacimiento.",
        "offer_lede": "Esta hora está libre. ¿La quiere?",
        "offer_until": "La guardamos para usted hasta el {until}.",
        "offer_help": "Es suya cuando le llamemos o reciba una confirmación. Sus otras visitas siguen en pie.",
        "offer_yes": "Sí, la quiero",
        "offer_no": "No, gracias",
        "offer_wanted": "Nos dijo que la quiere. Le llamaremos.",
        "offer_declined": "Nos dijo que no la quiere. Gracias por avisarnos.",
        "offer_gone": "Esta hora ya no está libre. Si quiere otra, por favor, llámenos.",
        "prove_again": "Lo que escribió no se ha perdido. Díganos otra vez su fecha de nacimiento y lo tomaremos.",
        "stop_sms_offers": (
            "No enviaremos más mensajes de texto sobre horas libres a este número. Sus visitas no se cancelan."
        ),
        "stop_email_offers": (
            "No enviaremos más correos sobre horas libres a esta dirección. Sus visitas no se cancelan."
        ),
        "stopped_sms_offers": "Ya no enviamos mensajes de texto sobre horas libres a este número.",
        "stopped_email_offers": "Ya no enviamos correos sobre horas libres a esta dirección.",
        "stop_sms_surveys": (
            "No enviaremos más mensajes de texto con preguntas así a este número. Sus visitas no se cancelan."
        ),
        "stop_email_surveys": (
            "No enviaremos más correos con preguntas así a esta dirección. Sus visitas no se cancelan."
        ),
        "stopped_sms_surveys": "Ya no enviamos mensajes de texto con preguntas así a este número.",
        "stopped_email_surveys": "Ya no enviamos correos con preguntas así a esta dirección.",
        "call": "Llamar al {phone}",
        "optional": "opcional",
    },
}
# For whoever opens what is no link: nothing of a clinic, nothing of a person.
NOTHING_HERE = {
    "en": ("This link does not work", "It may have ended, or a part of it is missing. Please call your clinic."),
    "es": (
        "Este enlace no funciona",
        "Puede que haya terminado o que le falte una parte. Por favor, llame a su clínica.",
    ),
}
TOO_MANY = {
    "en": ("Please wait a moment", "Too many requests came from your connection. Please try again in a minute."),
    "es": ("Espere un momento", "Llegaron demasiadas solicitudes desde su conexión. Inténtelo de nuevo en un minuto."),
}


def words_in(language: str) -> Words:
    """The page's words in the patient's language, English when there are none."""
    return WORDS[language_of(language)]
