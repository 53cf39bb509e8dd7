"""Python and the editor for the browser: what is fetched (`fetch`), what runs there (`runner`)."""
