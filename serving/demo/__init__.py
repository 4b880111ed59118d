"""The demo: a folder is read, questions are asked, and every answer is shown with its evidence."""
