"""Which of a package's files a system installs."""
