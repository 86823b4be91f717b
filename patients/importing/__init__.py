"""Bringing in people from elsewhere: CSV and FHIR R4. What a clinician types is never brought in, and a file that
carries any of it is refused whole."""
