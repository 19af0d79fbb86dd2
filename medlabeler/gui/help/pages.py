"""Which page of the guide belongs to what: asked by F1, from what has the focus outwards."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

PAGE_OF = {
    # start
    "Welcome": "new-project", "NewProjectDialog": "new-project", "AddImagesDialog": "new-project",
    "MovedFolderDialog": "moved", "SkippedFiles": "moved", "ExportDialog": "export", "ReportDialog": "report",
    "MergeDialog": "merge", "StartWithDialog": "start-with", "ReplayDialog": "report",
    "LabelsOutDialog": "other-programs", "LabelsInDialog": "other-programs",
    "CountsPage": "counts", "SilencePage": "ask-a-person", "CausesPage": "other-causes",
    "RestoreDialog": "restore", "ApplyWindow": "apply",
    # modes and their panels
    "Stage": "label", "QueuePanel": "label", "AboutImage": "label", "ImageViewer": "label", "Beside": "label",
    "MapPanel": "explore", "Legend": "explore", "Gallery": "explore", "GridPanel": "confirm-many",
    "ClassPalette": "classes",
    "BrowsePanel": "find", "SyntaxDialog": "find", "FilterNameDialog": "find",
    "ClassDetails": "classes", "RemarksPanel": "notes", "HistoryWindow": "sessions", "AuditTrail": "sessions",
    "SecondLooksPage": "review", "TestSetPage": "test-set", "ExportPage": "export",
    "AccuracyPanel": "results", "DetailsPage": "results", "AccuracyHelp": "method",
    # test set
    "ReserveDialog": "test-set", "LeakageDialog": "leaks",
    # image models
    "BackboneDialog": "image-model", "BackbonesWindow": "image-model", "PretrainingWindow": "own-images",
    "SharpeningWindow": "sharpening",
    # the rest of the window
    "SessionsWindow": "sessions", "JobsPanel": "jobs", "StatusBar": "jobs", "AboutBox": "index",
    "GuideWindow": "index",
}  # fmt: skip
"""Class of a widget, and the page that explains it and what lies in it."""


def page_of(widget: QWidget | None) -> str:
    """The page of `widget`, or of the nearest thing around it that has one; "" for all else."""
    while widget is not None:
        for kind in type(widget).__mro__:
            if kind.__name__ in PAGE_OF:
                return PAGE_OF[kind.__name__]
        widget = widget.parentWidget()
    return ""
