-- Bodies that were written before are in body, and stay there; those since are in packed,
-- and body is ''.
ALTER TABLE revision ADD COLUMN packed BLOB; -- see pack.go
