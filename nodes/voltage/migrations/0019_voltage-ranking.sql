-- Up Migration

-- Units by their rolling week, those with most windows outside of the adequate band first.
create index voltage_week_precarious on voltage_week ((-greatest(precarious_a, precarious_b, precarious_c)), device_key);
create index voltage_week_critical on voltage_week ((-greatest(critical_a, critical_b, critical_c)), device_key);
