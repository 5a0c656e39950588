"""What several routes say of what is not there."""

NO_DEVICE = ("Tidak ada perangkat dengan id ini.", "No device has this id.")
NO_ALERT = ("Tidak ada peringatan dengan id ini.", "No alert has this id.")
NO_INCIDENT = ("Tidak ada insiden dengan id ini.", "No incident has this id.")
NOTHING_HERE = ("Tidak ada apa-apa di alamat ini.", "There is nothing under this path.")
