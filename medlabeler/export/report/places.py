"""Where a figure stands in a report, in a clinician's words, and the figure as the report writes it."""

from __future__ import annotations

from medlabeler.domain.language import number_text, tr

SHARES = frozenset(
    {
        "balanced_accuracy", "balanced_accuracy_before", "accuracy", "recall", "precision", "f1", "macro_f1",
        "low", "high", "share", "ppv", "npv", "value", "mean", "spread", "calibration_error", "confidence",
        "predicted", "came", "accepted",
    }
)  # fmt: skip
"""Fields in 0..1 that a report writes in percent."""


def words_of(name: str) -> str:
    """Of a field of the report; its own name, with spaces, where no other words are known."""
    return _words().get(name) or name.replace("_", " ")


def written(value: float | str | None, name: str) -> str:
    """A figure of the field `name`, with enough digits to see what differs."""
    if value is None:
        return tr("nothing")
    if not isinstance(value, float):
        return str(value)
    return f"{number_text(100 * value, '.6g')} %" if name in SHARES else number_text(value, ".6g")


def _words() -> dict[str, str]:
    return {
        "classes": tr("classes"),
        "data": tr("images"),
        "draws": tr("draws of the test set"),
        "sittings": tr("sessions"),
        "agreement": tr("agreement of readers"),
        "model": tr("image model and classifier"),
        "labels": tr("cross-validation of your labels"),
        "test": tr("test set"),
        "reference": tr("reference labels"),
        "history": tr("history"),
        "curve": tr("learning curve"),
        "tables": tr("tables"),
        "report": tr("measured"),
        "per_class": tr("by class"),
        "count": tr("number"),
        "n_pool": tr("training images"),
        "n_test": tr("test images"),
        "n_reference": tr("images with a reference label"),
        "n_images": tr("images"),
        "n_groups": tr("groups"),
        "n_test_groups": tr("groups in the test set"),
        "n_ungrouped": tr("images without a group"),
        "n_held_back": tr("images held back"),
        "n_left_out": tr("images left out"),
        "n_marks": tr("marked images"),
        "n_labels": tr("labels"),
        "n_compared": tr("images compared"),
        "n_looks": tr("looks at the test set"),
        "n_embedded": tr("images that the image model has seen"),
        "n_wanted": tr("images wanted"),
        "n_drawn": tr("images drawn"),
        "n": tr("labels changed later"),
        "pool_sha256": tr("fingerprint of the training images"),
        "test_sha256": tr("fingerprint of the test images"),
        "labels_sha256": tr("fingerprint of the labels"),
        "weights_sha256": tr("fingerprint of the image model"),
        "balanced_accuracy": tr("balanced accuracy"),
        "balanced_accuracy_before": tr("balanced accuracy before labels were changed"),
        "accuracy": tr("accuracy"),
        "recall": tr("recall"),
        "precision": tr("precision"),
        "support": tr("labelled images"),
        "effective": tr("independent images"),
        "confusion": tr("confused classes"),
        "interval": tr("interval"),
        "low": tr("lower limit"),
        "high": tr("upper limit"),
        "share": tr("share"),
        "share_limits": tr("limits of the share"),
        "kappa_limits": tr("limits of kappa"),
        "calibration_error": tr("calibration error"),
        "reliability": tr("calibration"),
        "confidence": tr("confidence"),
        "per_minute": tr("labels a minute"),
        "active_s": tr("seconds at work"),
        "accepted": tr("predictions accepted"),
        "mean": tr("mean"),
        "spread": tr("spread"),
        "seeds": tr("seeds"),
        "annotators": tr("annotators"),
        "started": tr("beginning"),
    }
