-- An archive of a competition, which the scoring side writes, holds what organisers said to everybody and answered to all. Of questions
-- only that: not who asked, nor in which words.

grant select on announcements to rostrum_scorer;
grant select (competition_id, public_body, answer, answered_at) on questions to rostrum_scorer;
