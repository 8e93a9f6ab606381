-- Organisers take a file out of the count, and back, with a reason: nothing is deleted. The board follows on the scoring side.

grant update (voided_at) on submissions to rostrum_web;
