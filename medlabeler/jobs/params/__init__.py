"""What can be chosen of each job, one file per job, with the options of its command beside the fields.

The standard library alone: `--help` reads these, and must not wait for the numpy behind a job.
"""
