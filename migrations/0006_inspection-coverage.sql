-- Every question on the coverage of inspections walks all that stand, establishment by establishment in order of day, for
-- when each was last inspected. With what it counts inside, the walk never leaves the index: 81 ms of 356,000 rows against
-- 150 by hashing the table (PostgreSQL 15).
create index inspection_records_standing on inspection_records (establishment_id, inspected_on)
  include (ground, outcome) where withdrawn_at is null;
