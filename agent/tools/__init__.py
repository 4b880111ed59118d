"""What a model that calls tools may have done. They read only, and only what the asker may see.

The one that does not read, `generate_image`, is there only where the asker's own words ask for it.
"""
