"""Sign-in elsewhere by OpenID Connect: a provider says who somebody is and what they may. It keeps no password."""
