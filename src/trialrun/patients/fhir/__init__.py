"""FHIR R4: bundles of one or several patients into the person contract."""
