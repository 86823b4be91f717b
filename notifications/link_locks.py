"""What the database checks of a patient's link beyond single rows."""

import pgtrigger

from config.audit.locks import Lock


def link_stays() -> Lock:
    """A link is of one message and works no longer than was said; tries are never taken back, an end never undone."""
    return Lock(
        name="visit_link_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func="""
            IF (NEW.message_id, NEW.token_hash, NEW.made_at, NEW.expires_at)
                   IS DISTINCT FROM (OLD.message_id, OLD.token_hash, OLD.made_at, OLD.expires_at)
               OR NEW.wrong_tries < OLD.wrong_tries
               OR (OLD.ended_at IS NOT NULL AND (NEW.ended_at, NEW.ended_by_id, NEW.ended_why)
                   IS DISTINCT FROM (OLD.ended_at, OLD.ended_by_id, OLD.ended_why)) THEN
                RAISE EXCEPTION 'a link stays what it was'
                    USING ERRCODE = '23514', CONSTRAINT = 'visit_link_stays';
            END IF;
            RETURN NEW;
        """,
    )
