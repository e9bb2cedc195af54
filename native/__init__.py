"""What files need of the system that they run or are built on. Shared by `lock` and `builder`."""
