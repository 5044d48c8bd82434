-- Up Migration

-- Irradiance in the plane of the panel, W/m²; null of the many panels that have no sensor.
alter table panel_reading add column irradiance_wm2 double precision;
alter type measure add value 'irradiance_wm2';
