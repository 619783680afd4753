"""The pages that people work with: read from rows, and every button one call to the desk."""
