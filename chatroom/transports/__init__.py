"""The ways in which clients come in and events go out."""
