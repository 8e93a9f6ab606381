-- Functions of triggers run as the owner, and everybody could execute them: whoever had the web's role could make a temporary table with
-- a trigger of ours, and write into the inputs of boards what never happened. A trigger that stands needs no right to fire.

revoke all on function enforce_team_size() from public;
revoke all on function remember_unchained() from public;
revoke all on function keep_rules() from public;
revoke all on function keep_team() from public;
revoke all on function keep_team_of_row() from public;
revoke all on function keep_voided() from public;
revoke all on function keep_published() from public;
revoke all on function seal_board() from public;
revoke all on function log_board() from public;
