"""An answer with all it rests on in one ZIP, and the check of such a ZIP on another machine."""
