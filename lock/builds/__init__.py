"""The builds of source distributions: what each needs, pinned until only wheels are left."""
