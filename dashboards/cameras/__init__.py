"""What people see of cameras: which can be seen and why not, their pictures, and the log of who looked at them."""
