"""The words by which answers are read, in English and Spanish: small, without accents and apostrophes. Data only."""

import re

# Categories of signs that nobody sees or that only mark a letter.
UNSEEN = frozenset({"Cf", "Cc", "Cs", "Co", "Cn", "Mn", "Me"})
SIGNS_OF_NO = frozenset("👎❌🚫🙅⛔✖✗✘❎")

# What telephones add, and what stands in our own messages when somebody sends one back.
NOT_THEIR_WORDS = (
    re.compile(r"\b(?:sent|enviado) (?:from|desde|via) (?:my|mi) \w+(?: \w+)?\s*$"),
    re.compile(r"\b(?:reply|text|responda|conteste) stop (?:to|para) [^\n.!?;,]*"),
    re.compile(r"\bstop para no recibir\b"),
)
# A thumb on our message, which telephones send as its text: Liked “... Reply STOP to end texts”.
REACTION = re.compile(
    r"^\W*(?:liked|loved|disliked|emphasized|questioned|laughed at|removed an? \w+ from|le gusto|me gusta|le encanto"
    r"|reacted [^\w]*to|to)\s*[\"“«]"
)

SAME = {
    **dict.fromkeys("stopp stp stpo sotp tsop stops stopping stoped stahp".split(), "stop"),
    **dict.fromkeys("stopall".split(), "unsubscribe"),
    **dict.fromkeys("unsuscribe unsubcribe unsubscibe unsubscribed unsubscribing unsub".split(), "unsubscribe"),
    **dict.fromkeys("optout optouts".split(), "unsubscribe"),
    **dict.fromkeys("cancle cancell cansel canceling cancelling cxl".split(), "cancel"),
    **dict.fromkeys("revoking revokes".split(), "revoke"),
    **dict.fromkeys("quits quitting".split(), "quit"),
    **dict.fromkeys("optin".split(), "resubscribe"),
}
PAIRS = {
    **{f"{opt}{me} out": "unsubscribe" for opt in ("opt", "opting", "opted") for me in ("", " me", " us", " this")},
    "opt in": "resubscribe",
    "opt me in": "resubscribe",
    "un subscribe": "unsubscribe",
    "can not": "cannot",
    "do not": "dont",
    "did not": "didnt",
    "will not": "wont",
    "thank you": "thanks",
    "thank u": "thanks",
    "por favor": "please",
    **{f"have a {kind} day": "thanks" for kind in ("good", "great", "nice")},
    **{f"good {part}": "hello" for part in ("morning", "afternoon", "evening", "day", "night")},
    "last time": "already",
    "god bless": "thanks",
    **{
        f"{give} de baja": "desuscribir"
        for give in ("dar", "darme", "darnos", "deme", "denme", "dame", "den", "dar me")
    },
    **{
        f"{leave} de {do}": "unsubscribe"
        for leave in ("deja", "deje", "dejen", "dejar", "dejad", "para", "pare", "paren", "parar")
        for do in (
            *("enviar", "enviarme", "mandar", "mandarme", "escribir", "escribirme", "molestar", "molestarme"),
            *("textear", "textearme", "contactar", "contactarme"),
        )
    },
}

CANCEL = frozenset("cancel cancelar cancele cancela cancelen cancelo cancelame anular anule anula anulo".split())
SPANISH = frozenset(
    """
    alto parar pare paren para baja cancelar cancele cancela cancelen cancelo cancelame anular anule anula anulo
    desuscribir desuscribirme desuscribame revocar revoco terminar terminen detener detenga detengan fin
    finalizar salir suspender suspenda suspendan
    """.split()
)
# These opt out wherever they stand.
PLAIN_OPT_OUT = CANCEL | frozenset(
    "unsubscribe revoke revocar revoco desuscribir desuscribirme desuscribame desinscribir desinscribirme".split()
)
# These are words of everyday speech as well.
OPT_OUT = PLAIN_OPT_OUT | SPANISH | frozenset("stop quit end".split())
# Of these, the ones that count when they come first, whatever sentence follows.
LEADING = frozenset("stop quit alto parar pare paren".split())
# "para" is "for" everywhere but at the beginning.
ONLY_FIRST = frozenset({"para"})
WORDS_TO_SPELL = frozenset("stop quit end cancel yes help start unsubscribe alto baja".split())

NO = frozenset(
    """
    dont not never wont cant cannot couldnt shouldnt wouldnt didnt doesnt isnt arent wasnt without neither nor
    """.split()
)
NO_SPANISH = NO | {"no", "nunca", "sin", "tampoco", "jamas"}
SUPPOSING = frozenset("if unless did was were didnt late has".split())
BETWEEN_NO_AND_WORD = frozenset(
    """
    do to want wanna going gonna need have had please ever you u i we me like wish intend plan think trying yet just be
    would really should must they he she it the my this seem dare
    quiero voy a puedo deseo necesito se lo la por favor vaya van que me vamos
    """.split()
)
NOUNS_BEFORE = {
    "stop": frozenset(
        "bus train metro subway tram trolley next last first second one pit rest truck full a quick short your".split()
    ),
    "end": frozenset("the week year month day rear dead front back high low deep other weeks years tail".split()),
    "quit": frozenset({"the"}),
    "alto": frozenset("muy mas tan el un demasiado dolor".split()),
    "baja": frozenset("muy mas tan presion".split()),
    "fin": frozenset("al el por en un".split()),
}
NOUNS_AFTER = {
    "cancel": frozenset("policy policies fee fees list charge charges deadline".split()),
    "stop": frozenset("sign light".split()),
    "end": frozenset("of at in on time date".split()),
    "alto": frozenset({"dolor"}),
}

# Kind words and greetings, which change nothing anywhere.
POLITE = frozenset(
    """
    please pls plz plse pleas thanks thx ty thanx tks thankyou much so very hi hello hey dear sir maam madam doc ok
    okay k kk and reply kindly
    favor gracias muchas mil hola buenos buenas dias tardes noches senor senora senorita saludos amable
    """.split()
)
ABOUT_MESSAGES = frozenset(
    """
    text texts texting texted txt txts txting message messages messaging messag msg msgs msging sms notification
    notifications notifying reminder reminders reminding remind alert alerts alerting send sending sent contact
    contacting write writing spam spamming communication communications bothering bugging harassing harassment
    annoying pestering calling phoning
    mensaje mensajes texto textos recordatorio recordatorios aviso avisos notificacion notificaciones enviar enviando
    enviarme mandar mandarme mandando escribir escribirme molestar molestarme
    """.split()
)
# Beside an everyday word of opting out, these leave it one.
BESIDE_STOP = (
    POLITE
    | ABOUT_MESSAGES
    | NO
    | frozenset(
        """
        i im ive id we you u your yall youre me my us it its this that these those them they all any everything every
        the a an of to for from with now already said say told tell asked ask want wanna would like need must can could
        will you may please just immediately asap today right away at once again another anymore more ever forever
        permanently good receiving receive getting get automated automatic bot number phone cell here do
        have got people guys enough really seriously yes y si no nope but or never signed sign up reply dammit
        damn hell fuck fucking shit goddamn freaking effing stupid bullshit annoyed consent permission list service
        services subscription subscriptions
        yo ya mi mis me nos los las le les lo un una de del con por que quiero quisiera deseo necesito todo todos toda
        todas estos estas ese esos esto este mas recibir recibo reciba ahora inmediatamente numero telefono servicio
        """.split()
    )
)
POINTING = frozenset("the this that these those all any my your los las el la todos todas".split())
# After a leading STOP: a word about messages, or the beginning of another thought.
GOES_ON = (
    (BESIDE_STOP - frozenset("to for from with of at up right good how make".split()))
    | OPT_OUT
    | frozenset("wrong is help start or because he she who whoever why there theres nobody leave remove delete".split())
)

START = frozenset(
    """
    start restart unstop resume subscribe resubscribe iniciar inicia comenzar comienza empezar empiece alta reanudar
    reanude reiniciar suscribir suscribirme
    """.split()
)
BESIDE_START = frozenset(
    """
    reply text texts texting message messages messaging sms reminders me my the them to send sending getting receiving
    get back again i want would like id
    mensajes textos recordatorios los de nuevo otra vez quiero me
    """.split()
)
HELP = frozenset("help hlp helpme info information informacion ayuda ayudame ayudenme ayudeme".split())
BESIDE_HELP = frozenset("reply me i need more want some can could you u would like necesito quiero mas un poco".split())

YES = frozenset(
    """
    yes yess yees yse yed yea yeah yeh yep yup yas yrs yws ye ys eys tes ues yesh yesd yez yesz yaas yeap
    si sii sip
    """.split()
)
CONFIRM = ("confirm", "confirmed", "confirming", "confirmo", "confirmar", "confirmado", "confirmada", "comferm")
# Taken out beside a yes, the longest first; what is left has to be a yes and kind words.
BESIDE_YES = tuple(
    sorted(
        (
            *("i will be there", "ill be there", "i shall be there", "will be there", "we will be there", "be there"),
            *("i will come", "ill come", "i am coming", "im coming", "i can come", "i can make it", "i will attend"),
            *("well be there", "i plan to be there", "i will be coming", "we are coming", "were coming", "i am going"),
            *("see you then", "see you there", "see you soon", "see you", "see u then", "see u there", "see u"),
            *("that works", "works for me", "that works for me", "for sure", "of course", "sounds good", "all good"),
            *(
                "my appointment",
                "my appt",
                "my visit",
                "the appointment",
                "the visit",
                "appointment",
                "appt",
                "visit",
                "claro que",
            ),
            *("for my appointment", "for my visit", "my reservation", "looking forward to it"),
            *("i confirm", "i am confirming", "im confirming", "to confirm", "this is to confirm", "i do", "i am"),
            *("i want to confirm", "i would like to confirm", "id like to confirm", "i do confirm", "i will"),
            *("sure", "absolutely", "definitely", "certainly", "perfect", "great"),
            *("ahi estare", "alli estare", "estare ahi", "estare alli", "voy", "mi cita", "la cita", "claro"),
            *(
                "por supuesto que",
                "por supuesto",
                "asistire",
                "alla estare",
                "nos vemos",
                "perfecto",
                "de acuerdo",
                "vale",
            ),
        ),
        key=len,
        reverse=True,
    )
)

SOMEBODY_ELSE = (
    *("wrong number", "wrong person", "wrong phone", "wrong contact", "wrong guy", "wrong cell", "wrong patient"),
    *("have the wrong", "got the wrong", "dont know who this is for", "not my appointment", "i am not a patient"),
    *("im not a patient", "not the right number", "no longer his number", "no longer her number"),
    *("no longer their number", "not his number", "not her number", "not their number", "doesnt live here"),
    *("no one by that name", "nobody by that name", "dont know this person", "dont know that person"),
    *("numero equivocado", "persona equivocada", "equivocado de numero", "se equivoco de numero", "no es su numero"),
    *("no conozco a esa persona", "no soy esa persona", "no soy paciente", "telefono equivocado"),
)
