-- The pages of browsers, as the package wants them: it has no place for those without an anonymous_id.
select * from public.pages where anonymous_id is not null
