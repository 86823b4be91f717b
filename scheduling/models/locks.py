"""What the database checks of bookings beyond single rows: lanes that exist, and visits that have their places."""

import pgtrigger

from config.audit.locks import Lock


def lane_exists() -> Lock:
    """A nurse has the lanes that her row says; of everything else there is one, unless a chair is overbooked on
    purpose. Looked at when a lane is taken, so that fewer lanes tomorrow leave the visits booked today."""
    return Lock(
        name="lane_exists",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("lane", "resource_id", "active"),  # type: ignore[no-untyped-call]
        declare=[("has", "integer"), ("what", "text")],
        func="""
            IF NEW.lane = 0 OR NOT NEW.active THEN
                RETURN NEW;
            END IF;
            SELECT r.watch_lanes, r.kind INTO has, what FROM scheduling_resource r WHERE r.number = NEW.resource_id;
            IF NEW.lane <= has THEN
                RETURN NEW;
            END IF;
            IF what = 'chair' AND EXISTS (SELECT FROM scheduling_appointment a
                                          WHERE a.id = NEW.appointment_id AND a.overbook_reason <> '') THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'resource % has no lane %', NEW.resource_id, NEW.lane
                USING ERRCODE = '23514', CONSTRAINT = 'allocation_lane_exists';
        """,
    )


def has_its_places(appointment: str) -> Lock:
    """At commit, a visit that occupies has its chair from its start on, its patient for all of it and its nurse, none
    of it beyond the visit and a turnover; one that does not occupy has nothing. `appointment` is its id in SQL."""
    return Lock(
        name="has_its_places",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        timing=pgtrigger.Deferred,
        func=f"PERFORM desk_check_places({appointment}); RETURN NULL;",
    )
