"""What can be chosen of each study; see `medlabeler.jobs.params`."""
