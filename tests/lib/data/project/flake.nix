# Left out of a project's source.
