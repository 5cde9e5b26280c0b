"""How a unit's work is scored: facts from events, points by a rule that is data.

`facts` reads the past, `rules` is what it is judged by, `scoring` gives each unit its points
with the event of each, and `score` publishes them, once for a period and a rule.
"""
