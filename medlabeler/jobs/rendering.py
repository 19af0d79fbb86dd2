"""How images of more than 8 bits, or of several channels, are shown and embedded: tell it, or change it.

Nothing is computed here: embeddings of before stay, and belong to what was chosen then. The next embedding
is of the images as they are shown now.
"""

from __future__ import annotations

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.imaging.rendering import Rendering
from medlabeler.jobs.params.rendering import Params as Params
from medlabeler.jobs.params.rendering import changed
from medlabeler.project.project import RENDERING, Project


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Store what is to be changed; without anything to change, tell what holds."""
    before = project.rendering
    after = changed(before, params)
    if after != before:
        project.settings.set(RENDERING, after.to_json())
    key = str(project.settings.get("embedding", "") or "")
    then = Rendering.from_json(project.vectors.info(key).preprocessing.get("rendering")) if key else after
    sentence = tr("Images of more than 8 bits are shown by {sentence}.", sentence=after.sentence)
    if then != after:
        sentence += tr(
            " The image model has looked at images that were shown otherwise; let it look at them "
            "again (embed)."
        )
    summary = {**after.to_json(), "changed": after != before, "embedding_fits": then == after}
    return JobResult(Changes.IMAGES if after != before else Changes.NONE, summary, sentence)
