"""The room in which models have their picture taken: a camera, soft light, warm paper with a shadow on it. No graphics card."""
