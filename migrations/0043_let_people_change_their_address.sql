-- The address of an account was that of its first day, and a mailbox that ends took the account along. Two more kinds of links, both of an
-- account: to an address that is to become the account's, and to one that gets the account back. The links are rows of the same table as
-- all others, so that they are hashed, used once, forgotten and erased alike.
alter table mail_links drop constraint mail_links_purpose_check;
alter table mail_links add constraint mail_links_purpose_check
  check (purpose in ('sign-up', 'sign-in', 'password', 'first-administrator', 'new-address', 'recovery')) not valid;
alter table mail_links validate constraint mail_links_purpose_check;
