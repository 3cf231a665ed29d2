{{ config(materialized='table') }}
-- Stands for the package's segment_web_user_stitching: PostgreSQL has no "ignore nulls".
select
    anonymous_id,
    (array_agg(user_id order by tstamp desc) filter (where user_id is not null))[1] as user_id,
    min(tstamp) as first_seen_at,
    max(tstamp) as last_seen_at
from {{ ref('segment_web_page_views') }}
group by anonymous_id
