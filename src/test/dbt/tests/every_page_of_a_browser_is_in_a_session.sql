-- Rows that are one too few or too many in the package's last model.
select count(*) as pages, (select sum(page_views) from {{ ref('segment_web_sessions') }}) as in_sessions
from {{ ref('segment_pages') }}
having count(*) <> (select sum(page_views) from {{ ref('segment_web_sessions') }})
    or count(*) <> {{ env_var('EVEFAN_PAGES') }} - 1
