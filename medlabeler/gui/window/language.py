"""Which language the window speaks, through Qt's translation. Loaded before all that says something."""

from __future__ import annotations

import os

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from medlabeler.domain import language
from medlabeler.domain.resources import resource
from medlabeler.domain.settings import Settings


def speak_as_chosen(settings: Settings) -> None:
    """Speak the language of the settings, else that of the system if it is known, here and in children."""
    code = os.environ.get(language.VARIABLE) or settings.get("language") or QLocale.system().name()[:2]
    code = code if code in language.LANGUAGES else "en"
    os.environ[language.VARIABLE] = code
    if code == "en":
        language.speak(code)
        return
    translator = QTranslator()
    translator.load(str(resource(f"languages/medlabeler_{code}.qm")))
    language.speak(code, lambda context, text: translator.translate(context, text) or "")


def install_words_of_qt(app: QCoreApplication) -> None:
    """Let Qt's own dialogs, menus of fields and numbers follow the language; English needs nothing."""
    code = language.language()
    if code == "en" or app.property("words of Qt") == code:
        return
    translator = QTranslator(app)
    translator.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    app.installTranslator(translator)
    app.setProperty("words of Qt", code)
    QLocale.setDefault(QLocale(code))
