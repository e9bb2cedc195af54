"""What each target installs of a resolution: packages by markers, files by wheel tags."""
