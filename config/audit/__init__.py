"""Who did what: the acting person, history that cannot be skipped, records that cannot be changed.

Nothing above this floor opens a transaction by itself; `recorded()` opens it and says who acts.
"""
