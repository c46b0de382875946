-- The same refusal with a code of its own: restrict_violation reached callers as a broken foreign key.
CREATE OR REPLACE FUNCTION "refuse_audit_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is never changed: % on audit was refused.', TG_OP;
END
$$;
