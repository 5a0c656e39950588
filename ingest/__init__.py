"""From MQTT to committed rows: acknowledge after commit. Judges nothing but form and range, and alerts nobody."""
