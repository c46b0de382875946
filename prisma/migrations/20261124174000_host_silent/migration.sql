-- Set when others were told that the host is silent; null again when they were told that it is heard.
alter table host add column "silentSince" timestamp(3);
