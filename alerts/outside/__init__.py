"""Alerts that programs send us as they would an Alertmanager. When they fire is their affair, who hears of it ours."""
