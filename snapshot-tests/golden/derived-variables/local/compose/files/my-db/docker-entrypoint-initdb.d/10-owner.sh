# Sourced once by the image's entry point, when the data folder is new.
psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv owner EXOC_OWNER
\getenv password EXOC_OWNER_PASSWORD
\getenv database EXOC_DATABASE
CREATE ROLE :"owner" LOGIN PASSWORD :'password';
CREATE DATABASE :"database" OWNER :"owner";
SQL
