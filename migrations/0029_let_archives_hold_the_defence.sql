-- An archive of a competition holds the order of its talks and what teams showed; who spoke under which name is not in it.

grant select on defence_slots, defence_talks to rostrum_scorer;
