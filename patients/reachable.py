"""Who may be reached by which channel, as one set: for comparing many thousand patients with what they are to be sent.

`contact` decides about one patient and says why not; this says the same of all at once, and a test holds the two
together.
"""

# (patient_id, channel, language) of those among the relation {visit} who may be reached for %(purpose)s.
REACHABLE = """
SELECT said.patient_id, said.channel, COALESCE(NULLIF(person.language, ''), 'en') AS language
FROM (
    SELECT DISTINCT ON (patient_id, channel) patient_id, channel, granted
    FROM patients_contactconsent
    WHERE purpose = %(purpose)s AND patient_id IN (SELECT patient_id FROM {visit})
    ORDER BY patient_id, channel, at DESC, recorded_at DESC
) said
JOIN patients_patient person ON person.id = said.patient_id
WHERE said.granted AND NOT person.deceased AND person.merged_into_id IS NULL
  AND CASE said.channel
      WHEN 'email' THEN person.email <> '' AND lower(person.email) NOT IN (
          SELECT lower(address) FROM patients_bouncedaddress
      )
      ELSE person.mobile <> '' AND person.mobile NOT IN (
          SELECT newest.number
          FROM (
              SELECT DISTINCT ON (number, kind) number, holds
              FROM patients_numberstatement
              WHERE scope IN ('all', %(purpose)s)
              ORDER BY number, kind, at DESC, recorded_at DESC
          ) newest
          WHERE newest.holds
      )
  END
"""
