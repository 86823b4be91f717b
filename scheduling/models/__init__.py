"""Everything that scheduling stores; the modules beside this one say what each table is for."""

from scheduling.models.booking import Allocation, Appointment, Series
from scheduling.models.places import Chair, Closure, OpeningHours, Resource

__all__ = ["Allocation", "Appointment", "Chair", "Closure", "OpeningHours", "Resource", "Series"]
