"""From requirements to lock files: plan, resolve, select, close builds, write."""
