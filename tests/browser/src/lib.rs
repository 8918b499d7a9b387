//! Nothing: the package holds a test only.
