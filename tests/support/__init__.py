"""What tests share: servers, compilers, wheels, locks, and the programs under test."""
