"""What the programs do where nothing is ready yet: command lines, locks and builds."""
