"""What Airflow schedules: thin files over `exchange`."""
