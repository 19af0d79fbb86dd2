<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
<name>MedLabeler</name>
<message>
<source>Like the system</source>
<translation>Wie das System</translation>
</message>
<message>
<source>The language changes when MedLabeler is started again.</source>
<translation>Die Sprache ändert sich mit dem nächsten Start von MedLabeler.</translation>
</message>
<message>
<source>{low} to {high}</source>
<translation>{low} bis {high}</translation>
</message>
</context>
<context>
<name>noun</name>
<message>
<source>backup</source>
<translation>Sicherung|Sicherungen|Sicherungen</translation>
</message>
<message>
<source>decision</source>
<translation>Entscheidung|Entscheidungen|Entscheidungen</translation>
</message>
<message>
<source>file</source>
<translation>Datei|Dateien|Dateien</translation>
</message>
<message>
<source>finding</source>
<translation>Fund|Funde|Funden</translation>
</message>
<message>
<source>folder</source>
<translation>Ordner|Ordner|Ordnern</translation>
</message>
<message>
<source>group</source>
<translation>Gruppe|Gruppen|Gruppen</translation>
</message>
<message>
<source>image</source>
<translation>Bild|Bilder|Bildern</translation>
</message>
<message>
<source>label</source>
<translation>Label|Labels|Labels</translation>
</message>
<message>
<source>line</source>
<translation>Zeile|Zeilen|Zeilen</translation>
</message>
<message>
<source>more message</source>
<translation>weitere Meldung|weitere Meldungen|weiteren Meldungen</translation>
</message>
<message>
<source>other</source>
<translation>weiterer|weitere|weiteren</translation>
</message>
<message>
<source>pause</source>
<translation>Pause|Pausen|Pausen</translation>
</message>
<message>
<source>prediction</source>
<translation>Vorhersage|Vorhersagen|Vorhersagen</translation>
</message>
<message>
<source>random draw</source>
<translation>Zufallsziehung|Zufallsziehungen|Zufallsziehungen</translation>
</message>
<message>
<source>repeat</source>
<translation>Wiederholung|Wiederholungen|Wiederholungen</translation>
</message>
<message>
<source>row</source>
<translation>Zeile|Zeilen|Zeilen</translation>
</message>
<message>
<source>selected image</source>
<translation>ausgewähltes Bild|ausgewählte Bilder|ausgewählten Bildern</translation>
</message>
<message>
<source>step</source>
<translation>Schritt|Schritte|Schritten</translation>
</message>
<message>
<source>suggestion</source>
<translation>Vorschlag|Vorschläge|Vorschlägen</translation>
</message>
<message>
<source>test image</source>
<translation>Testbild|Testbilder|Testbildern</translation>
</message>
<message>
<source>time</source>
<translation>Mal|Mal|Mal</translation>
</message>
<message>
<source>training image</source>
<translation>Trainingsbild|Trainingsbilder|Trainingsbildern</translation>
</message>
</context>
</TS>
