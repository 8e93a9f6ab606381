-- Links to teams that have ended were kept for good. lib/retention.ts says for how long they are now; the web forgets them.

grant delete on team_invites to rostrum_web;
